import type { AsyncapiChannel, AsyncapiDocument } from './asyncapi.ts';
import { docsStyle } from './docs-style.ts';
import { html, prose, raw } from './html.ts';
import type { Html } from './html.ts';
import type { OpenapiDocument, OpenapiOperation, OpenapiResponse } from './openapi.ts';
import { schemaHtml } from './schema-html.ts';
import type { Described } from './schema-html.ts';

const described = (schema: unknown): Described => schema as Described;
const anchor = (text: string): string => text.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');

const parametersHtml = ({ parameters }: OpenapiOperation): Html | string => {
  if (parameters.length === 0) return '';
  const rows = parameters.map(
    ({ name, in: where, required, description, schema }) =>
      html`<tr>
        <th scope="row"><code>${name}</code> <small>${where}${required ? '' : ', optional'}</small></th>
        <td>${prose(description)}${schemaHtml(described(schema), 'http')}</td>
      </tr>`,
  );
  return html`<h4>Parameters</h4>
    <table>
      <tbody>
        ${rows}
      </tbody>
    </table>`;
};

const responseHtml = ([status, { description, content = {} }]: [string, OpenapiResponse]): Html => {
  const bodies = Object.entries(content).map(
    ([type, { schema = {} }]) =>
      html`<p><small>${type}</small></p>
        ${schemaHtml(described(schema), 'http')}`,
  );
  return html`<tr>
    <th scope="row">${status}</th>
    <td>${prose(description)}${Number(status) < 400 ? bodies : ''}</td>
  </tr>`;
};

const operationHtml = (path: string, method: string, operation: OpenapiOperation): Html => {
  const body = operation.requestBody?.content['application/json'].schema;
  return html`<details id="${operation.operationId}">
    <summary>
      <span class="method">${method.toUpperCase()}</span> <code>${path}</code> <span>${prose(operation.summary)}</span>
    </summary>
    ${operation.description.split('\n\n').map((words) => html`<p>${prose(words)}</p>`)} ${parametersHtml(operation)}
    ${
      body === undefined
        ? ''
        : html`<h4>Body</h4>
            ${schemaHtml(described(body), 'http')}`
    }
    <h4>Answers</h4>
    <table>
      <tbody>
        ${Object.entries(operation.responses).map(responseHtml)}
      </tbody>
    </table>
  </details>`;
};

const tagHtml = (document: OpenapiDocument, { name, description }: OpenapiDocument['tags'][number]): Html => {
  const its = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations)
      .filter(([, operation]) => operation.tags.includes(name))
      .map(([method, operation]) => operationHtml(path, method, operation)),
  );
  return html`<section aria-labelledby="${anchor(name)}">
    <h3 id="${anchor(name)}">${name}</h3>
    <p>${prose(description)}</p>
    ${its}
  </section>`;
};

const messagesHtml = (title: string, side: string, { messages }: AsyncapiChannel): Html => {
  const its = Object.entries(messages).filter(([key]) => key.startsWith(`${side}-`));
  return html`<h4>${title}</h4>
    ${its.map(
      ([, { name, payload }]) =>
        html`<details>
          <summary><code>${name}</code></summary>
          ${schemaHtml(described(payload), 'ws')}
        </details>`,
    )}`;
};

const channelHtml = ([name, channel]: [string, AsyncapiChannel]): Html => {
  const closes = channel['x-close-codes'].map(
    ({ code, reason, reconnect }) =>
      html`<tr>
        <th scope="row">${code}</th>
        <td>${prose(reason)}</td>
        <td>${reconnect ? 'connect again' : ''}</td>
      </tr>`,
  );
  return html`<section aria-labelledby="channel-${name}">
    <h3 id="channel-${name}">${name} <code>${channel.address}</code></h3>
    <p>${prose(channel.description)}</p>
    ${messagesHtml('What a client may send', 'client', channel)}
    ${messagesHtml('What the server sends', 'server', channel)}
    <details>
      <summary>Close codes</summary>
      <table>
        <tbody>
          ${closes}
        </tbody>
      </table>
    </details>
  </section>`;
};

const schemasHtml = (title: string, prefix: string, schemas: Record<string, unknown>): Html =>
  html`<section aria-labelledby="${prefix}-schemas">
    <h3 id="${prefix}-schemas">${title}</h3>
    ${Object.entries(schemas).map(
      ([name, schema]) =>
        html`<details id="${prefix}-schema-${name}">
          <summary><code>${name}</code></summary>
          ${schemaHtml(described(schema), prefix)}
        </details>`,
    )}
  </section>`;

/** Both descriptions as one page: no scripts, nothing from elsewhere. */
export const docsPage = (openapi: OpenapiDocument, asyncapi: AsyncapiDocument): string =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Invigil: interfaces</title>
        <link rel="icon" href="/icon.svg" type="image/svg+xml" />
        <style>
          ${raw(docsStyle)}
        </style>
      </head>
      <body>
        <header>
          <h1>Interfaces</h1>
          <p>
            What the server answers, made from the schemas that it reads with:
            <a href="/openapi.json">openapi.json</a>, <a href="/asyncapi.json">asyncapi.json</a>.
          </p>
          <nav aria-label="Contents">
            <a href="#http">HTTP</a>
            ${openapi.tags.map(({ name }) => html`<a href="#${anchor(name)}">${name}</a> `)}
            <a href="#channels">Channels</a>
            ${Object.keys(asyncapi.channels).map((name) => html`<a href="#channel-${name}">${name}</a> `)}
          </nav>
        </header>
        <main>
          <h2 id="http">HTTP</h2>
          <p>
            A token goes into <code>Authorization: Bearer …</code>. Errors are RFC 9457 problems with a
            <code>code</code>.
          </p>
          ${openapi.tags.map((tag) => tagHtml(openapi, tag))}
          ${schemasHtml('Named schemas', 'http', openapi.components.schemas)}
          <h2 id="channels">WebSocket channels</h2>
          <p>
            JSON messages. A token goes into the query (<code>?token=</code>), or into the first message where the
            channel has one for it.
          </p>
          ${Object.entries(asyncapi.channels).map(channelHtml)}
          ${schemasHtml('Named schemas of the channels', 'ws', asyncapi.components.schemas)}
        </main>
      </body>
    </html>`.html;
