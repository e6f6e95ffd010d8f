import { NextResponse } from 'next/server';
import type { NextRequest } from 'next/server';
import { examServerUrl, readProctorUrl } from './app/exam-server.ts';

/** Next adds inline scripts, which carry the nonce. Workers use the policy of their own script, so every file is sent with it. */
const contentPolicy = (nonce: string, proctorUrl: string): string =>
  [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}' 'wasm-unsafe-eval'`,
    "worker-src 'self'",
    `connect-src 'self' ${proctorUrl} ${proctorUrl.replace(/^http/, 'ws')}`,
    "style-src 'self'",
    "img-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');

/** The exam's API is the exam server's; everything else is rendered here, under a strict policy. */
export const proxy = async (request: NextRequest): Promise<NextResponse> => {
  const { pathname, search } = request.nextUrl;
  if (pathname.startsWith('/exam/')) return NextResponse.rewrite(new URL(pathname + search, examServerUrl()));
  const policy = contentPolicy(crypto.randomUUID(), await readProctorUrl());
  // Next reads the nonce from the request's header.
  const headers = new Headers(request.headers);
  headers.set('Content-Security-Policy', policy);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set('Content-Security-Policy', policy);
  response.headers.set('X-Content-Type-Options', 'nosniff');
  response.headers.set('Permissions-Policy', 'camera=(self), fullscreen=(self)');
  return response;
};
