import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { captureBytes, openCapture } from '../../src/host/capture-file.ts';
import { capturedObjects } from '../../src/overlay/captured-objects.ts';
import { compileNode } from '../../src/pipeline.ts';
import { arbitraryCluster } from '../support/arbitrary-cluster.ts';
import { documents, endpoint, node, service, settings, slice } from '../support/objects.ts';

type Fields = Record<string, unknown>;

function captureOf(...objects: readonly unknown[]): Buffer {
	return captureBytes(capturedObjects(documents(...objects)).objects);
}

const SECRET = 'S3CRET';

/** Puts secrets beside, and in place of, everything that is in an object. */
function planted(value: unknown, depth = 0): unknown {
	if (Array.isArray(value)) return [...value.map((each) => planted(each, depth + 1)), { [SECRET]: SECRET }];
	if (typeof value !== 'object' || value === null) return value;
	const fields = Object.entries(value).map(([key, inner]) => [key, planted(inner, depth + 1)]);
	return { ...Object.fromEntries(fields), ...(depth === 0 ? {} : { token: SECRET, env: [{ value: SECRET }] }) };
}

const POD = {
	apiVersion: 'v1',
	kind: 'Pod',
	metadata: {
		name: 'web-0',
		namespace: 'shop',
		labels: { app: 'web' },
		annotations: { 'vault.example.org/token': SECRET, 'kubectl.kubernetes.io/last-applied-configuration': SECRET },
		ownerReferences: [{ kind: 'ReplicaSet', name: SECRET }],
		managedFields: [{ manager: SECRET }],
	},
	spec: {
		nodeName: 'n1',
		serviceAccountName: SECRET,
		imagePullSecrets: [{ name: SECRET }],
		volumes: [{ name: SECRET, secret: { secretName: SECRET } }],
		containers: [
			{
				name: SECRET,
				image: `registry.example.org/${SECRET}`,
				args: [SECRET],
				command: [SECRET],
				env: [{ name: 'PASSWORD', value: SECRET }],
				envFrom: [{ secretRef: { name: SECRET } }],
				ports: [{ name: 'web', containerPort: 8080 }],
				livenessProbe: { httpGet: { httpHeaders: [{ value: SECRET }] } },
			},
		],
		initContainers: [
			{ restartPolicy: 'Always', env: [{ value: SECRET }], ports: [{ name: 'side', containerPort: 1 }] },
		],
	},
	status: {
		phase: 'Running',
		podIP: '10.244.1.5',
		podIPs: [{ ip: '10.244.1.5' }],
		message: SECRET,
		containerStatuses: [{ image: SECRET }],
		conditions: [{ type: 'Ready', status: 'True', message: SECRET, lastTransitionTime: '2026-01-01T00:00:00Z' }],
	},
};

describe('a capture', () => {
	it('has of a Pod what makes it an endpoint, and nothing else', () => {
		expect(capturedObjects(documents(POD)).objects).toEqual([
			{
				apiVersion: 'v1',
				kind: 'Pod',
				metadata: { name: 'web-0', namespace: 'shop', labels: { app: 'web' } },
				spec: {
					nodeName: 'n1',
					containers: [{ ports: [{ name: 'web', containerPort: 8080 }] }],
					initContainers: [{ restartPolicy: 'Always', ports: [{ name: 'side', containerPort: 1 }] }],
				},
				status: {
					phase: 'Running',
					podIP: '10.244.1.5',
					podIPs: [{ ip: '10.244.1.5' }],
					conditions: [{ type: 'Ready', status: 'True' }],
				},
			},
		]);
	});

	it('holds no secret, wherever one was planted in an object', () => {
		const fields = { metadata: { annotations: { secret: SECRET } }, spec: { selector: null } };
		const web = service('web', ['10.96.0.20'], fields);
		const objects = [POD, web, slice('web', [endpoint({ address: '10.244.1.5', zones: ['a'] })]), node(1, 'a')];
		const labelled = objects.map((object) => withLabels(planted(object), Object(object.metadata).labels));
		const text = openCapture('x', captureOf(...labelled)).map(({ value }) => JSON.stringify(value));
		expect(text).toHaveLength(4);
		expect(text.filter((each) => each.includes(SECRET))).toEqual([]);
		expect(JSON.stringify(labelled)).toContain(SECRET);
	});

	it('a text where a map belongs comes along in no field', () => {
		const odd = { ...POD, spec: SECRET, status: [SECRET], metadata: { ...POD.metadata, labels: { a: { b: SECRET } } } };
		expect(JSON.stringify(capturedObjects(documents(odd)).objects)).not.toContain(SECRET);
	});

	it('keeps all labels of Nodes and Pods, which selectors may ask for', () => {
		const labels = { 'node-role.kubernetes.io/edge': '', pool: 'edge', __proto__x: '1' };
		const labelled = { ...node(1), metadata: { name: 'n1', labels } };
		expect(capturedObjects(documents(labelled)).objects).toMatchObject([{ metadata: { labels } }]);
	});

	it('rules made of it are those made of the cluster', () => {
		fc.assert(
			fc.property(arbitraryCluster, (groups) => {
				const objects = groups.flat();
				const whole = compileNode(documents(...objects), settings());
				const captured = compileNode(openCapture('test.yaml', captureOf(...objects)), settings());
				expect(captured.ruleset).toEqual(whole.ruleset);
				expect(whole.ruleset).not.toBeNull();
			}),
		);
	});

	it('of one state is the same, byte for byte, whatever the order it came in and whatever changes by itself', () => {
		fc.assert(
			fc.property(arbitraryCluster, fc.nat(), (groups, turn) => {
				const objects = groups.flat();
				const turned = [...objects.slice(turn % objects.length), ...objects.slice(0, turn % objects.length)];
				const beating = turned.map((object) => ({
					...object,
					metadata: {
						...Object(object.metadata),
						resourceVersion: String(turn),
						managedFields: [{ time: String(turn) }],
					},
				}));
				expect(captureOf(...beating).equals(captureOf(...objects))).toBe(true);
			}),
			{ numRuns: 20 },
		);
	});

	it('objects that cannot be told apart are a problem and left out; other kinds are not there', () => {
		const { objects, problems, read } = capturedObjects(
			documents({ ...node(1), metadata: {} }, { kind: 'Secret', apiVersion: 'v1', metadata: { name: 'x' } }, node(2)),
		);
		expect(objects).toHaveLength(1);
		expect(problems.map(({ code }) => code)).toEqual(['bad-field']);
		expect(read.get('Node')).toBe(1);
	});
});

function withLabels(object: unknown, labels: unknown): Fields {
	const { metadata, ...rest } = Object(object);
	return { ...rest, metadata: { ...metadata, labels } };
}
