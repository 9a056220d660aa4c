/** The parts of an endpoint's target, `ADDRESS:PORT` or `[ADDRESS]:PORT`. */
export function parseSocket(target: string): { readonly address: string; readonly port: string } {
	const colon = target.lastIndexOf(':');
	return { address: target.slice(0, colon).replace(/^\[|\]$/g, ''), port: target.slice(colon + 1) };
}
