import { type Cidr, parseCidr } from '../../src/model/ip.ts';

/** Networks as the settings hold them. */
export function cidrs(...texts: readonly string[]): readonly Cidr[] {
	return texts.map((text) => {
		const parsed = parseCidr(text);
		if ('invalid' in parsed) throw new Error(`${text} ${parsed.invalid}`);
		return parsed.cidr;
	});
}
