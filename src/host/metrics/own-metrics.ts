import type { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { PromClient } from './kube-proxy-metrics.ts';

/** From the smallest change to a whole table: 256 B to 64 MiB. */
const BYTES_BUCKETS = Array.from({ length: 10 }, (_, index) => 256 * 4 ** index);

/** nft starts in some milliseconds; a large table takes seconds. */
const NFT_BUCKETS = [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

export interface OwnMetrics {
	readonly transactions: Counter<'outcome'>;
	readonly transactionBytes: Histogram;
	readonly nftSeconds: Histogram;
	readonly elements: Counter;
	readonly driftRepairs: Counter<'cause'>;
	readonly generationConflicts: Counter<'ip_family'>;
	readonly quarantined: Gauge<'ip_family'>;
	readonly problems: Gauge<'severity'>;
	readonly readyz: Counter<'code'>;
	readonly healthCheckPorts: Gauge<'state'>;
}

/** What kube-proxy has no name for. */
export function ownMetrics({ Counter, Gauge, Histogram }: PromClient, registry: Registry): OwnMetrics {
	const named = (name: string, help: string) => ({ registers: [registry], name: `nftgen_${name}`, help });
	return {
		transactions: new Counter({
			...named('transactions_total', 'Transactions sent to nft, by what became of them'),
			labelNames: ['outcome'],
		}),
		transactionBytes: new Histogram({
			...named('transaction_bytes', 'Size of transactions sent to nft'),
			buckets: BYTES_BUCKETS,
		}),
		nftSeconds: new Histogram({
			...named('nft_duration_seconds', 'How long nft took for a transaction'),
			buckets: NFT_BUCKETS,
		}),
		elements: new Counter(named('elements_written_total', 'Elements of sets and maps added or removed')),
		driftRepairs: new Counter({
			...named('drift_repairs_total', 'Repairs of a table that somebody else had changed, by how that was found'),
			labelNames: ['cause'],
		}),
		generationConflicts: new Counter({
			...named('generation_conflicts_total', 'Transactions refused because somebody else had written to the table'),
			labelNames: ['ip_family'],
		}),
		quarantined: new Gauge({
			...named('quarantined_service_ports', 'Service ports that the kernel does not take'),
			labelNames: ['ip_family'],
		}),
		problems: new Gauge({
			...named('problems', 'What is wrong with the objects of the cluster'),
			labelNames: ['severity'],
		}),
		readyz: new Counter({ ...named('readyz_total', 'Answers to /readyz, by status'), labelNames: ['code'] }),
		healthCheckPorts: new Gauge({
			...named('health_check_node_ports', 'Services with a healthCheckNodePort, by whether the port is open'),
			labelNames: ['state'],
		}),
	};
}
