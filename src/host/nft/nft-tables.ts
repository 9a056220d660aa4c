import type { IpFamily } from '../../model/ip.ts';
import type { TableName } from '../../model/transaction.ts';
import { applyNft, listSet, listTable, listTables, tableExists } from './nft.ts';
import type { NftOptions } from './nft-process.ts';
import { canListParts, type NftVersion, nftVersion } from './nft-version.ts';
import { listTableInParts } from './table-parts.ts';
import { listTableText, listText, type OnPiece } from './table-text.ts';

/** The kernel's tables by way of nft, as an agent asks for them: by their names. */
export function nftTables(options: NftOptions) {
	let version: NftVersion | null = null;
	const canAskForParts = async () => {
		if (version === null) {
			const told = await nftVersion(options);
			if (told.kind === 'version') version = told;
		}
		return version !== null && canListParts(version);
	};
	return {
		apply: (text: string) => applyNft(text, options),
		exists: async ({ family, table }: TableName) => (await tableExists(family, table, options)).exists,
		list: async ({ family, table }: TableName) =>
			(await canAskForParts()) ? listTableInParts(family, table, options) : listTable(family, table, options),
		listText: ({ family, table }: TableName, onPiece: OnPiece) => listTableText(family, table, onPiece, options),
		canListParts: canAskForParts,
		listParts: (lists: readonly string[], onPiece: OnPiece) => listText(lists, onPiece, options),
		listTables: (family: IpFamily) => listTables(family, options),
		listSet: ({ family, table }: TableName, set: string) => listSet(family, table, set, options),
	};
}
