import { describe, expect, it } from 'vitest';
import { chosenNodes, readNodeChoice } from '../../src/check/assertions/node-choice.ts';
import { asserted } from '../support/checked.ts';

const GOOD = 'name: it, from: node, to: svc:shop/web, expect: delivered';

function wrongOf(text: string): readonly string[] {
	return asserted(text).wrong.map(({ object, sentence, hint }) =>
		[...(object === null ? [] : [`${object}:`]), sentence, ...(hint === null ? [] : [`(${hint})`])].join(' '),
	);
}

describe('a file of assertions', () => {
	it('is YAML or JSON, and may be empty', () => {
		const [fromYaml] = asserted(`- {${GOOD}}`).assertions;
		const json = JSON.stringify([{ name: 'it', from: 'node', to: 'svc:shop/web', expect: 'delivered' }]);
		const [fromJson] = asserted(json).assertions;
		expect({ ...fromJson, place: null }).toEqual({ ...fromYaml, place: null });
		expect(asserted('# none yet\n')).toEqual({ assertions: [], wrong: [] });
	});

	it.each([
		['- [', 'it cannot be parsed: '],
		['{}', 'the file has to be a list of assertions, without aliases'],
		['- &a [x]\n- *a', 'the file has to be a list of assertions, without aliases'],
		['- web', 'it has to be an assertion with name, from, to and expect'],
		['- {from: node, to: svc:shop/web, expect: delivered}', 'name has to be a text'],
		['- {name: it, to: svc:shop/web, expect: delivered}', 'it: from has to be pod:any, pod:NAMESPACE/NAME'],
		[
			'- {name: it, from: pods, to: svc:shop/web, expect: delivered}',
			'it: from is pods, and has to be pod:any, pod:NAMESPACE/NAME, node, external or ip:ADDRESS',
		],
		[
			'- {name: it, from: node, to: shop/web, expect: delivered}',
			'it: to is shop/web, and has to be svc:NAMESPACE/NAME:PORT',
		],
		[
			'- {name: it, from: node, to: svc:shop/web}',
			'it: expect has to be delivered, unreachable, refused or dropped, or an object',
		],
		[
			'- {name: it, from: node, to: svc:shop/web, expect: deliverd}',
			'it: expect has to be delivered, unreachable, refused or dropped, or an object (did you mean delivered?)',
		],
		[
			'- {name: it, from: node, to: svc:shop/web, expect: {sourec: preserved}}',
			'it: it has sourec, which says nothing (did you mean source?)',
		],
		[
			'- {name: it, from: node, to: svc:shop/web, expect: {source: kept}}',
			'it: expect.source has to be preserved or masqueraded',
		],
		[
			'- {name: it, from: node, to: svc:shop/web, expect: {min_endpoints: -1}}',
			'it: expect.min_endpoints has to be a whole number from 0',
		],
		[
			'- {name: it, from: node, to: svc:shop/web, expect: {to: [web]}}',
			'it: expect.to.0 has to be a list of pod:NAMESPACE/NAME and ADDRESS:PORT',
		],
		[`- {${GOOD}, node: n1}`, 'it: it has node, which says nothing (did you mean nodes?)'],
		[
			`- {${GOOD}, nodes: "pool=a b"}`,
			'it: nodes is "pool=a b", and has to be all, names of nodes, or a label selector',
		],
		[
			'- {name: it, from: node, to: svc:shop/web, expect: refused, min_endpoints: 1}',
			'it: a number of endpoints cannot be asked for where refused is expected',
		],
		[
			'- {name: this PR touches shop only, only_affects: [shop]}',
			'this PR touches shop only: only_affects is about a change, and check sees no change (pass --only-affects to nft-gen diff',
		],
	])('says what is wrong with %s', (text, message) => {
		const [wrong = ''] = wrongOf(text);
		expect(wrong.slice(0, message.length)).toBe(message);
	});

	it('counts what is right beside what is wrong, and says where that is', () => {
		const { assertions, wrong } = asserted(`- {${GOOD}}\n- {${GOOD}, nod: n1}\n- {${GOOD}}\n`);
		expect(assertions).toHaveLength(2);
		expect(wrong).toMatchObject([
			{ id: 'bad-assertion', level: 'assertion', severity: 'error', status: 'failed', origin: { file: 'assert.yaml' } },
		]);
		expect(wrong[0]?.origin).toMatchObject({ offset: `- {${GOOD}}\n- {${GOOD}, nod: `.length });
	});
});

describe('the nodes of an assertion', () => {
	const nodes = [
		{ name: 'n1', labels: new Map([['pool', 'edge']]) },
		{
			name: 'n2',
			labels: new Map([
				['pool', 'plain'],
				['gpu', ''],
			]),
		},
		{ name: 'n3', labels: new Map<string, string>() },
	];

	it.each([
		['all', ['n1', 'n2', 'n3']],
		['n2', ['n2']],
		[
			['n3', 'n1'],
			['n1', 'n3'],
		],
		['pool=edge', ['n1']],
		['pool!=edge', ['n2', 'n3']],
		['pool!=edge,!gpu', ['n3']],
		['gpu=', ['n2']],
	])('%j are %j', (text, names) => {
		const choice = readNodeChoice(text);
		if ('wants' in choice) throw new Error(choice.wants);
		const chosen = chosenNodes(choice, nodes);
		expect('unknown' in chosen ? chosen : [...chosen].sort()).toEqual(names);
	});
});
