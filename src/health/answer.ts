/** What an HTTP server answers. */
export interface Answer {
	readonly status: number;
	readonly headers: Readonly<Record<string, string>>;
	readonly body: string;
}

/** Makes the answer to a request for one path. */
export type Route = (query: URLSearchParams) => Answer | Promise<Answer>;

/** Answers by path. */
export type Routes = ReadonlyMap<string, Route>;

/** What every answer of kube-proxy's health servers has (kube-proxy `pkg/proxy/healthcheck`). */
const JSON_HEADERS = { 'Content-Type': 'application/json', 'X-Content-Type-Options': 'nosniff' };

/** An answer in JSON. @param more headers that come after the common ones */
export function jsonAnswer(status: number, body: string, more: Readonly<Record<string, string>> = {}): Answer {
	return { status, headers: { ...JSON_HEADERS, ...more }, body };
}

/** An answer in words. */
export function textAnswer(status: number, body: string, more: Readonly<Record<string, string>> = {}): Answer {
	const headers = { 'Content-Type': 'text/plain; charset=utf-8', 'X-Content-Type-Options': 'nosniff', ...more };
	return { status, headers, body };
}

/** What Go's `http.NotFound` answers, and so kube-proxy. */
export const NOT_FOUND = textAnswer(404, '404 page not found\n');

/** Answers a request by its path; nothing but GET and HEAD, which change nothing. */
export async function answerBy(routes: Routes, method: string, url: string): Promise<Answer> {
	const { path, query } = target(url);
	const route = routes.get(path);
	if (route === undefined) return NOT_FOUND;
	if (method !== 'GET' && method !== 'HEAD') return textAnswer(405, 'method not allowed\n', { Allow: 'GET, HEAD' });
	return route(query);
}

function target(url: string): { readonly path: string; readonly query: URLSearchParams } {
	const mark = url.indexOf('?');
	if (mark < 0) return { path: url, query: new URLSearchParams() };
	return { path: url.slice(0, mark), query: new URLSearchParams(url.slice(mark + 1)) };
}

/** A moment as Go writes it in JSON (`time.RFC3339Nano`): no zeros at the end of the fraction. @param ms since 1970 */
export function goTime(ms: number): string {
	return new Date(ms).toISOString().replace(/\.?0*Z$/, 'Z');
}

/** The moment that Go has where there is none. */
export const GO_NEVER = '0001-01-01T00:00:00Z';
