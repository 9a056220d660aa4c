import { describe, expect, it } from 'vitest';
import { NO_SYMBOLS, type Symbols, spoken } from '../../src/model/symbols.ts';

const SYMBOLS: Symbols = {
	addresses: new Map([
		['240.0.0.1', '‹clusterIP of shop/web›'],
		['100::1', '‹IPv6 clusterIP of shop/web›'],
	]),
	nodePorts: new Map([[65535, '‹nodePort of shop/web:http›']]),
};

describe('a text with symbols', () => {
	it.each([
		['240.0.0.1 . tcp . 80 : goto x,', '‹clusterIP of shop/web› . tcp . 80 : goto x,'],
		['100::1 . tcp . 80 : goto x,', '‹IPv6 clusterIP of shop/web› . tcp . 80 : goto x,'],
		['tcp . 65535 : goto external/shop/web/http,', 'tcp . ‹nodePort of shop/web:http› : goto external/shop/web/http,'],
		['dnat to 240.0.0.1:8080', 'dnat to ‹clusterIP of shop/web›:8080'],
		['dnat to [100::1]:8080', 'dnat to [‹IPv6 clusterIP of shop/web›]:8080'],
		['{ 240.0.0.1, 240.0.0.1 }', '{ ‹clusterIP of shop/web›, ‹clusterIP of shop/web› }'],
		['240.0.0.1', '‹clusterIP of shop/web›'],
	])('%s', (text, said) => {
		expect(spoken(text, SYMBOLS)).toBe(said);
	});

	it.each([
		'240.0.0.10 . tcp',
		'1240.0.0.1',
		'240.0.0.1.5',
		'100::10',
		'100::1:5',
		'2001:100::1',
		'655350',
		'165535',
		'goto external/shop/web-65535/http',
		'chain cluster/shop/65535/http {',
		'dnat to 10.0.0.1:65535',
		'comment "pod-240.0.0.1"',
		'0x65535',
	])('keeps %s', (text) => {
		expect(spoken(text, SYMBOLS)).toBe(text);
	});

	it('without symbols every text stays', () => {
		expect(spoken('240.0.0.1 . tcp . 65535', NO_SYMBOLS)).toBe('240.0.0.1 . tcp . 65535');
	});
});
