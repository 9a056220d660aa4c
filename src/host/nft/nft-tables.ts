import type { TableName } from '../../model/transaction.ts';
import { applyNft, listSet, listTable, tableExists } from './nft.ts';
import type { NftOptions } from './nft-process.ts';
import { listTableText } from './table-text.ts';

/** The kernel's tables by way of nft, as an agent asks for them: by their names. */
export function nftTables(options: NftOptions) {
	return {
		apply: (text: string) => applyNft(text, options),
		exists: async ({ family, table }: TableName) => (await tableExists(family, table, options)).exists,
		list: ({ family, table }: TableName) => listTable(family, table, options),
		listText: ({ family, table }: TableName, onPiece: (piece: Buffer) => void) =>
			listTableText(family, table, onPiece, options),
		listSet: ({ family, table }: TableName, set: string) => listSet(family, table, set, options),
	};
}
