import { describe, expect, it } from 'vitest';
import type { Replay, ReplayMismatch } from '../../src/model/replay.ts';
import { replayReport } from '../../src/report/replay.ts';
import { flowChange } from '../proof/flow-changes.ts';

const AGREEING: Replay = {
	kind: 'replayed',
	sent: 1200,
	agreeing: 1200,
	nodes: ['n1', 'n2'],
	mismatches: [],
	strays: [],
	skipped: [],
};

const MISMATCH: ReplayMismatch = {
	flow: flowChange(),
	side: 'after',
	node: 'n1',
	sent: '10.244.1.9 to 10.96.0.10:80/tcp',
	expected: ['refused'],
	seen: ['10.244.1.5:80, sees the client', 'dropped'],
	ways: ['1/2 10.244.1.5:80, by dispatch: goto cluster/shop/web/http', '1/2 dropped, by no rule'],
};

describe('what a replay tells people', () => {
	it('is a line where the kernel agrees, with what was not sent below it', () => {
		const skipped = [{ reason: 'cannot be sent: there are no sockets for SCTP', count: 2 }];
		expect(replayReport({ ...AGREEING, skipped })).toMatchInlineSnapshot(`
			"kernel  1,200/1,200 replayed, before and after, each on one of the nodes that treat it alike (n1, n2)
			        2 cannot be sent: there are no sockets for SCTP
			"
		`);
		expect(replayReport({ ...AGREEING, sent: 0, agreeing: 0, nodes: [] })).toMatchInlineSnapshot(`
			"kernel  nothing to replay
			"
		`);
		expect(replayReport({ kind: 'not-replayed', why: 'the program ip is missing' })).toMatchInlineSnapshot(`
			"kernel  not replayed: the program ip is missing
			"
		`);
	});

	it('tells each difference, with what was sent, expected and seen, and the way that the tracer went', () => {
		const strays = [{ node: 'n1', side: 'before', addresses: ['10.9.9.9:80'] }] as const;
		expect(replayReport({ ...AGREEING, agreeing: 1199, mismatches: [MISMATCH], strays })).toMatchInlineSnapshot(`
			"kernel  1,199/1,200 replayed, before and after, each on one of the nodes that treat it alike (n1, n2)
			DIFFERS shop/web:http  pods to ClusterIP 10.96.0.10:80/tcp, after, on n1
			        sent      10.244.1.9 to 10.96.0.10:80/tcp
			        expected  refused
			        kernel    10.244.1.5:80, sees the client; dropped
			        tracer    1/2 10.244.1.5:80, by dispatch: goto cluster/shop/web/http
			                  1/2 dropped, by no rule
			DIFFERS packets came out at 10.9.9.9:80, where nobody expects any, before, on n1
			"
		`);
	});

	it('counts differences that are too many to read', () => {
		const mismatches = Array.from({ length: 12 }, () => MISMATCH);
		const text = replayReport({ ...AGREEING, agreeing: 1188, mismatches });
		expect(text.match(/DIFFERS/g)).toHaveLength(10);
		expect(text).toContain('        and 2 more differences\n');
	});

	it('lets no name draw on the terminal', () => {
		const owner = { namespace: 'shop', service: 'web\u001b[2J', port: 'a\nkernel  9/9' };
		const flow = { ...flowChange(), owner };
		const text = replayReport({ ...AGREEING, mismatches: [{ ...MISMATCH, flow, node: 'n\u202e1' }] });
		for (const wrong of ['\u001b', '\u202e', '\nkernel  9/9']) expect(text).not.toContain(wrong);
		expect(text).toContain('web\ufffd[2J');
	});
});
