// What Kubernetes allows in names (apimachinery `pkg/util/validation`). All of it is safe in an nft identifier or comment.
const DNS_LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const DNS_SUBDOMAIN = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$/;
const LABEL_VALUE = /^(?:[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?$/;

/** Names of Services, namespaces and ports: at most 63 lower-case letters, digits and inner hyphens. */
export function isDnsLabel(text: string): boolean {
	return DNS_LABEL.test(text);
}

/** Names of most other objects: DNS labels joined by dots, 253 characters at the most. */
export function isDnsSubdomain(text: string): boolean {
	return text.length <= 253 && DNS_SUBDOMAIN.test(text);
}

/** Values of labels, such as a zone. */
export function isLabelValue(text: string): boolean {
	return LABEL_VALUE.test(text);
}

/** A text from the input as it can be shown in a message: as it is when plain, else quoted, escaped and cut. */
export function shown(text: unknown): string {
	if (typeof text === 'string' && /^[\w./:%-]{1,100}$/.test(text)) return text;
	const quoted = JSON.stringify(text) ?? 'undefined';
	return quoted.length > 100 ? `${quoted.slice(0, 99)}…` : quoted;
}
