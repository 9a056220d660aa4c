import { describe, expect, it, onTestFinished } from 'vitest';
import { createEvent, eventOf } from '../../src/host/events.ts';
import { accessTo } from '../../src/host/watch/access.ts';
import { REAL_CLOCK } from '../../src/host/watch/clock.ts';
import { kubeconfig } from '../support/api-server.ts';
import { temporaryFolder } from '../support/folder.ts';
import { startStandIn } from '../support/stand-in-api-server.ts';

const NOTICE = {
	namespace: 'shop',
	name: 'web',
	uid: 'u-1',
	reason: 'ServicePortRefused',
	note: 'the kernel refuses it',
};
const BY = { controller: 'nft-gen', node: 'n1' };

describe('an Event', () => {
	it('is created in the namespace of its Service', async () => {
		const server = await startStandIn();
		onTestFinished(server.close);
		const folder = await temporaryFolder(onTestFinished, { kubeconfig: kubeconfig(server.url) });
		const access = accessTo({ kubeconfig: `${folder}/kubeconfig`, context: null }, REAL_CLOCK);
		expect(await createEvent(access, NOTICE, BY, new AbortController().signal)).toBeNull();
		const asked = server.requests.at(-1);
		expect(asked).toMatchObject({ verb: 'post', url: '/apis/events.k8s.io/v1/namespaces/shop/events' });
		expect(JSON.parse(asked?.body ?? '')).toMatchObject({ kind: 'Event', note: 'the kernel refuses it' });
		server.refuse(403);
		expect(await createEvent(access, NOTICE, BY, new AbortController().signal)).toMatch(/403/);
	});

	it('says what it is about, who says it and when, and cuts a note that is too long between characters', () => {
		const event = eventOf({ ...NOTICE, note: 'ü'.repeat(600) }, BY, new Date('2026-01-02T03:04:05.678Z'));
		expect(event).toMatchObject({
			eventTime: '2026-01-02T03:04:05.678000Z',
			reportingInstance: 'nft-gen-n1',
			regarding: { kind: 'Service', namespace: 'shop', name: 'web', uid: 'u-1' },
		});
		expect(event.note).toBe('ü'.repeat(500));
	});
});
