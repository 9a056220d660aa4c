import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';

// The manifests of deploy/ as they are written, and those parts of them that tests ask about.

export const BASE = 'deploy/base';
export const OVERLAY = 'deploy/try-one-node';
export const CLEANUP = 'deploy/cleanup';

/** All YAML files below deploy/. */
export function manifestFiles(): readonly string[] {
	return readdirSync('deploy', { recursive: true, encoding: 'utf8' })
		.filter((file) => file.endsWith('.yaml'))
		.map((file) => join('deploy', file))
		.sort();
}

/** The documents of a file, parsed strictly. */
export function documentsOf(file: string): readonly unknown[] {
	return parseAllDocuments(readFileSync(file, 'utf8'), { strict: true, uniqueKeys: true }).map((document) => {
		const [problem] = [...document.errors, ...document.warnings];
		if (problem !== undefined) throw problem;
		return document.toJS();
	});
}

const probe = z.object({ httpGet: z.object({ path: z.string(), port: z.string() }) });

const container = z.object({
	image: z.string(),
	args: z.array(z.string()),
	envFrom: z.array(z.object({ configMapRef: z.object({ name: z.string(), optional: z.boolean().optional() }) })),
	env: z.array(z.object({ name: z.string() })),
	ports: z.array(z.object({ name: z.string(), containerPort: z.number() })),
	startupProbe: probe,
	livenessProbe: probe,
	readinessProbe: probe,
	securityContext: z.record(z.string(), z.unknown()),
	volumeMounts: z.array(z.object({ name: z.string(), mountPath: z.string() })),
	resources: z.object({ limits: z.record(z.string(), z.string()), requests: z.record(z.string(), z.string()) }),
});

const daemonSet = z.object({
	spec: z.object({
		selector: z.object({ matchLabels: z.record(z.string(), z.string()) }),
		updateStrategy: z.unknown(),
		template: z.object({
			spec: z.looseObject({
				containers: z.array(container).length(1),
				volumes: z.array(z.looseObject({ name: z.string() })),
				securityContext: z.record(z.string(), z.unknown()),
				serviceAccountName: z.string(),
			}),
		}),
	}),
});

/** The DaemonSet of the base and its only container. */
export function agentDaemonSet() {
	const [document] = documentsOf(join(BASE, 'daemon-set.yaml'));
	const { spec } = daemonSet.parse(document);
	const [agent] = spec.template.spec.containers;
	if (agent === undefined) throw new Error('the DaemonSet has no container');
	return { spec, pod: spec.template.spec, agent };
}

const job = z.object({
	spec: z.object({
		template: z.object({
			spec: z.looseObject({ containers: z.array(z.looseObject({ args: z.array(z.string()) })).length(1) }),
		}),
	}),
});

/** The Pod of the Job that removes what the agent made, and its only container. */
export function cleanupPod() {
	const pod = job.parse(documentsOf(join(CLEANUP, 'job.yaml'))[0]).spec.template.spec;
	const [container] = pod.containers;
	if (container === undefined) throw new Error('the Job has no container');
	return { pod, container };
}

const clusterRole = z.object({
	rules: z.array(
		z.strictObject({ apiGroups: z.array(z.string()), resources: z.array(z.string()), verbs: z.array(z.string()) }),
	),
});

/** Everything that the ClusterRole allows, one `VERB RESOURCE.GROUP` each. */
export function allowedByRole(): readonly string[] {
	const [document] = documentsOf(join(BASE, 'cluster-role.yaml'));
	return clusterRole
		.parse(document)
		.rules.flatMap(({ apiGroups, resources, verbs }) =>
			apiGroups.flatMap((group) =>
				resources.flatMap((resource) => verbs.map((verb) => `${verb} ${named(resource, group)}`)),
			),
		)
		.sort();
}

/** A resource as kubectl names it: with its group, the core group having no name. */
export function named(resource: string, group: string): string {
	return group === '' ? resource : `${resource}.${group}`;
}

const kustomization = z.looseObject({
	resources: z.array(z.string()),
	patches: z.array(z.object({ path: z.string() })).optional(),
	images: z.array(z.object({ name: z.string(), newName: z.string(), newTag: z.string() })).optional(),
	configMapGenerator: z.array(z.object({ name: z.string(), envs: z.array(z.string()) })).optional(),
});

export function kustomizationOf(folder: string) {
	return kustomization.parse(documentsOf(join(folder, 'kustomization.yaml'))[0]);
}

/** The flags' values in the ConfigMap. */
export function configMap(): ReadonlyMap<string, string> {
	const lines = readFileSync(join(BASE, 'agent.env'), 'utf8').split('\n');
	return new Map(
		lines
			.filter((line) => line !== '' && !line.startsWith('#'))
			.map((line) => {
				const at = line.indexOf('=');
				return [line.slice(0, at), line.slice(at + 1)];
			}),
	);
}

/** The agent's command line on a node, as the kubelet makes it. */
export function commandLine(node: string): readonly string[] {
	const values = new Map([...configMap(), ['NODE_NAME', node]]);
	return agentDaemonSet().agent.args.map((argument) =>
		argument.replace(/\$\(([A-Z_]+)\)/g, (text, name) => values.get(name) ?? text),
	);
}
