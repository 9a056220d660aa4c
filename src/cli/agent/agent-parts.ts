import type { Tables } from '../../agent/tables.ts';
import type { BindAddress } from '../../host/bind-address.ts';
import type { Log, LogFormat } from '../../host/log.ts';
import type { RecordFile } from '../../host/table-records.ts';
import type { Access } from '../../host/watch/access.ts';
import type { Follower } from '../../incremental/follower.ts';
import type { Show } from '../../render/templates.ts';
import type { InputRequest } from '../input.ts';

/** How the agent works, as the command line says. */
export interface AgentFlags {
	readonly once: boolean;
	readonly dryRun: boolean;
	readonly check: boolean;
	readonly cleanup: boolean;
	/** in milliseconds */
	readonly minSyncPeriod: number;
	/** in milliseconds */
	readonly verifyPeriod: number;
	readonly healthzBindAddress: BindAddress | 'off';
	readonly metricsBindAddress: BindAddress | 'off';
	readonly stateDir: string;
	readonly logFormat: LogFormat;
	readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
	/** the program nft */
	readonly nft: string;
	/** the program conntrack */
	readonly conntrack: string;
}

/** What the command line asked for. */
export interface AgentRequest extends InputRequest, AgentFlags {
	/** whether the node was named; without it only a clean-up is possible */
	readonly isNodeGiven: boolean;
}

/** What the agent is made of, for everything around it. */
export interface AgentParts {
	readonly request: AgentRequest;
	/** the URL of the API server */
	readonly server: string;
	readonly log: Log;
	readonly show: Show;
	readonly access: Access;
	readonly follower: Follower;
	readonly tables: Tables;
	/** where what the tables hold is noted for the next start */
	readonly recordFile: RecordFile;
	readonly signal: AbortSignal;
}
