import { EnvironmentSchema, fromRepository, isVariable, settingOf } from './environment.ts';

/** The environment variables as a Markdown table, for the documentation. */
export const configTable = (): string => {
  const names = Object.keys(EnvironmentSchema.entries).filter(isVariable);
  const rows = names.map((name) => {
    const { doc, allowed } = settingOf(name);
    const preset = String(EnvironmentSchema.entries[name].default ?? '').replace(fromRepository(''), '');
    return `| \`${name}\` | ${preset === '' ? '' : `\`${preset}\``} | ${doc} | ${allowed} |`;
  });
  return ['| variable | default | description | allowed |', '|---|---|---|---|', ...rows].join('\n');
};
