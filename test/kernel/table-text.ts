import type { NftOptions } from '../../src/host/nft/nft-process.ts';
import { listTableText } from '../../src/host/nft/table-text.ts';
import type { Table } from '../../src/model/ruleset.ts';
import { isListingOf } from '../../src/readback/text/expected-listing.ts';
import { newTextReader } from '../../src/readback/text/text-listing.ts';

/** Whether the text that nft prints of a table says that it is what it should be. */
export async function isListedAsExpected(table: Table, options: NftOptions): Promise<boolean> {
	const { family, name } = table;
	const reader = newTextReader(family, 'generation');
	const run = await listTableText(family, name, reader.add, options);
	if (run.outcome !== 'done') throw new Error(`${name} cannot be listed: ${JSON.stringify(run)}`);
	const listed = reader.end();
	return listed !== null && isListingOf(listed, table, [], []);
}
