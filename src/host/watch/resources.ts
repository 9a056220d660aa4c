/** A resource of the API, of which all objects of the cluster are read. */
export interface Resource {
	readonly name: ResourceName;
	readonly apiVersion: string;
	readonly kind: string;
	readonly path: string;
	/** whether a cluster may lack it, or hide it from us */
	readonly optional: boolean;
}

export type ResourceName = 'services' | 'endpointslices' | 'nodes' | 'servicecidrs' | 'pods';

/** What decides about rules. */
export const RESOURCES: readonly Resource[] = [
	{ name: 'services', apiVersion: 'v1', kind: 'Service', path: '/api/v1/services', optional: false },
	{
		name: 'endpointslices',
		apiVersion: 'discovery.k8s.io/v1',
		kind: 'EndpointSlice',
		path: '/apis/discovery.k8s.io/v1/endpointslices',
		optional: false,
	},
	{ name: 'nodes', apiVersion: 'v1', kind: 'Node', path: '/api/v1/nodes', optional: false },
	// Served since 1.33; older clusters have no such objects.
	{
		name: 'servicecidrs',
		apiVersion: 'networking.k8s.io/v1',
		kind: 'ServiceCIDR',
		path: '/apis/networking.k8s.io/v1/servicecidrs',
		optional: true,
	},
];

/** Nothing needs them where an EndpointSlice controller runs. */
export const PODS: Resource = { name: 'pods', apiVersion: 'v1', kind: 'Pod', path: '/api/v1/pods', optional: true };

/** What a preview needs: a Service that changes gets its endpoints from Pods. */
export const WITH_PODS: readonly Resource[] = [...RESOURCES, { ...PODS, optional: false }];
