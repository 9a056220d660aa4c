import type { PodId, Protocol } from '../model/cluster-state.ts';
import type { IpFamily } from '../model/ip.ts';

// The two ends of a connection as people name them, before anybody looked whether there are such things.

/** Who opens the connection: `pod:shop/cart-0`, `node`, `external`, `ip:10.244.1.6`. */
export type ClientName =
	| { readonly kind: 'pod'; readonly pod: PodId }
	| { readonly kind: 'node' }
	| { readonly kind: 'external' }
	| { readonly kind: 'address'; readonly family: IpFamily; readonly address: string };

/** Where it goes: `svc:shop/web:http`, `lb:shop/web`, `nodeport:30080`, `ip:10.96.0.20:80/tcp`. */
export type DestinationName =
	| ServiceName
	| { readonly kind: 'nodeport'; readonly port: number; readonly protocol: Protocol }
	| {
			readonly kind: 'address';
			readonly family: IpFamily;
			readonly address: string;
			readonly port: number;
			readonly protocol: Protocol;
	  };

/** A port of a Service, at its ClusterIP or at its first load-balancer address. */
export interface ServiceName {
	readonly kind: 'service';
	readonly namespace: string;
	readonly service: string;
	/** by name or number; null asks for the only one */
	readonly port: string | number | null;
	/** null where the port's name or number tells it */
	readonly protocol: Protocol | null;
	readonly at: 'cluster-ip' | 'load-balancer';
}

/** Why a name leads nowhere, in a sentence for the user. */
export interface Unresolved {
	readonly unresolved: string;
}
