// What the API server has yet to assign has no value before it is applied. Inside, an address or port that nobody has stands for
// it, so that everything can be compiled and compared; whatever is shown says the symbol instead.

/** The symbols of a preview, by what stands for them inside. */
export interface Symbols {
	/** `‹clusterIP of shop/web›` by address, canonically spelled */
	readonly addresses: ReadonlyMap<string, string>;
	/** `‹nodePort of shop/web:http›` by number */
	readonly nodePorts: ReadonlyMap<number, string>;
}

export const NO_SYMBOLS: Symbols = { addresses: new Map(), nodePorts: new Map() };

/** An address or port number as a token of its own: `240.0.0.1` is not in `240.0.0.10`, `65535` not in `shop/65535`. */
const TOKEN =
	/(?<![\w.:/-])(?:\d{5}(?![\w./:-])|\d{1,3}(?:\.\d{1,3}){3}(?![\w.-])|[0-9a-f]{1,4}:[0-9a-f:]+(?![\w.:-]))/g;

/** A text, such as a line of rules, with symbols in place of what stands for them. Everything else stays as it is, to the byte. */
export function spoken(text: string, { addresses, nodePorts }: Symbols): string {
	if (addresses.size + nodePorts.size === 0) return text;
	return text.replace(TOKEN, (token) => addresses.get(token) ?? nodePorts.get(Number(token)) ?? token);
}
