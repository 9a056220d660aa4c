import { parseAddress } from '../model/ip.ts';

/** Where a server listens. */
export interface BindAddress {
	/**
	 * Null is every address of both families. Go's `net.Listen`, and so kube-proxy, takes `0.0.0.0` as that too; a
	 * load balancer that asks over IPv6 counts on it.
	 */
	readonly host: string | null;
	readonly port: number;
}

/**
 * Reads an address as kube-proxy's `--healthz-bind-address` has it: `ADDRESS:PORT`, `[ADDRESS]:PORT`, an address alone;
 * nothing means no server (kube-proxy `cmd/kube-proxy/app/options.go`).
 * @returns `off`, or null for what is none of these
 */
export function parseBindAddress(text: string, defaultPort: number): BindAddress | 'off' | null {
	if (text === '') return 'off';
	const alone = hostOf(text);
	if (alone !== undefined) return { host: alone, port: defaultPort };
	const [, bracketed, plain = '', digits = ''] = /^(?:\[([^\]]*)\]|([^:]*)):(\d{1,5})$/.exec(text) ?? [];
	const host = (bracketed ?? plain) === '' && digits !== '' ? null : hostOf(bracketed ?? plain);
	const port = Number(digits);
	return host === undefined || port < 1 || port > 65535 ? null : { host, port };
}

/** Null for an address that stands for all; undefined for what is no address. */
function hostOf(text: string): string | null | undefined {
	const parsed = parseAddress(text);
	if ('invalid' in parsed) return undefined;
	return parsed.address === '0.0.0.0' || parsed.address === '::' ? null : parsed.address;
}

/** A bind address as people write it. */
export function bindText({ host, port }: BindAddress): string {
	if (host === null) return `*:${port}`;
	return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
