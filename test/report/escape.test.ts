import { describe, expect, it } from 'vitest';
import { cell, codeSpan, elided, fenced, htmlCode, plain, plainLines, prose } from '../../src/report/escape.ts';

describe('a line of text', () => {
	it.each([
		['colours', '\u001b[31mred', '\uFFFD[31mred'],
		['line ends', 'a\r\nb\u2028c', 'a\uFFFD\uFFFDb\uFFFDc'],
		['directions of writing', '\u202eexe\u2066', '\uFFFDexe\uFFFD'],
		['halves of characters', '\ud800', '\uFFFD'],
	])('has no %s', (_what, text, expected) => expect(plain(text)).toBe(expected));

	it('is one of several where these are wanted, with its tabs', () => {
		expect(plainLines('a\n\tb\u001b')).toBe('a\n\tb\uFFFD');
	});
});

describe('a text that is too long', () => {
	it.each([
		['abc', 3, 'abc'],
		['abcdefgh', 5, 'ab…gh'],
		['abcdefgh', 4, 'ab…h'],
		['😀😀😀😀😀', 3, '😀…😀'],
		['😀😀😀', 3, '😀😀😀'],
	])('leaves its middle out: %s in %i characters', (text, most, expected) => expect(elided(text, most)).toBe(expected));
});

describe('a code span', () => {
	it.each([
		['a name', 'shop/web:http', '`shop/web:http`'],
		['backticks inside', 'a`b``c', '```a`b``c```'],
		['a backtick at an end', '`', '`` ` ``'],
		['nothing', '', '` `'],
		['spaces at both ends', ' a ', '`  a  `'],
		['a second line', 'a\n\n# b', '`a\uFFFD\uFFFD# b`'],
		['markup', '<b>@team</b>', '`<b>@team</b>`'],
	])('holds %s', (_what, text, expected) => expect(codeSpan(text)).toBe(expected));
});

describe('a sentence', () => {
	it.each([
		['plain words', 'no endpoint is left; clients are refused', 'no endpoint is left; clients are refused'],
		['names and places', 'shop/web:http, 10.1.4.9:8080 (n1)', 'shop/web:http, 10.1.4.9:8080 (n1)'],
		['mentions', 'ask @team, please', 'ask `@team,` please'],
		['numbers of issues', 'as #12 or shop/web#7 or GH-7', 'as `#12` or `shop/web#7` or `GH-7`'],
		['links', 'see https://evil.example or www.evil.example', 'see `https://evil.example` or `www.evil.example`'],
		['mail', 'me@evil.example', '`me@evil.example`'],
		['markup', '**b** <i> [a](b) a_b_', '`**b**` `<i>` `[a](b)` `a_b_`'],
		['entities', '&#64;team', '`&#64;team`'],
		['commits', 'since 4c1f9e2aa0', 'since `4c1f9e2aa0`'],
		['emoji by name', ':tada:', '`:tada:`'],
		['a backslash', 'a\\', '`a\\`'],
	])('has %s as words or as code', (_what, text, expected) => expect(prose(text)).toBe(expected));
});

describe('a cell', () => {
	it.each([
		['`a|b`', '`a\\|b`'],
		['`a\\|b`', '`a\\\\\\|b`'],
	])('does not end at a pipe: %s', (markdown, expected) => expect(cell(markdown)).toBe(expected));
});

describe('a block of code', () => {
	it('has a fence that is longer than any inside', () => {
		expect(fenced('a\n````\n', 'diff')).toBe('`````diff\na\n````\n`````');
	});
});

describe('code in HTML', () => {
	it('holds no tag', () => expect(htmlCode('</summary>&"')).toBe('<code>&lt;/summary&gt;&amp;&quot;</code>'));
});
