/** What decides about an entry of the connection tracking table: where a UDP flow was sent, and who answers it. */
export interface UdpFlow {
	/** the original destination */
	readonly address: string;
	readonly port: number;
	/** the source of replies: the endpoint, or the original destination itself where nothing was translated */
	readonly replyAddress: string;
	readonly replyPort: number;
}

/** All UDP flows with the same way through a service port; null stands for any. */
export interface FlowPattern {
	readonly address: string | null;
	readonly port: number;
	readonly reply: { readonly address: string; readonly port: number } | null;
}

/** Which UDP flows to look at; null stands for any. */
export interface FlowFilter {
	readonly address: string | null;
	readonly port: number | null;
}
