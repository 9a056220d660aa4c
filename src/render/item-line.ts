import type { IpFamily } from '../model/ip.ts';
import type { NamedSet, Rule } from '../model/ruleset.ts';
import type { Elements } from '../model/transaction.ts';
import type { Show } from './templates.ts';

/**
 * A rule, an element or a set on one line, as the templates write it: `ip saddr 10.0.0.0/8 return`, `10.96.0.20 . tcp . 80 :
 * goto cluster/shop/web/http`, `set NAME { typeof ip saddr; timeout 60s; }`.
 * @param shown of elements one
 * @throws TemplateError as render does
 */
export function itemLine(shown: Rule | NamedSet | Elements, family: IpFamily, show: Show): string {
	const lines = show(shown, family)
		.split('\n')
		.map((line) => line.trim())
		.filter((line) => line !== '');
	const [first = '', ...others] = lines;
	switch (shown.kind) {
		case 'rule':
			return lines.join(' ');
		case 'set':
			return [first, ...others.slice(0, -1).map((line) => `${line};`), others.at(-1) ?? ''].join(' ');
		case 'set-elements':
		case 'map-elements':
			return others.slice(0, -1).join(' ').replace(/,$/, '');
	}
}
