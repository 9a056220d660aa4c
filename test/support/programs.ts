import { compileTable } from '../../src/compile/compile.ts';
import type { TableProgram } from '../../src/model/program.ts';
import type { Settings } from '../../src/model/settings.ts';
import { readCluster } from '../../src/pipeline.ts';
import { nodeView } from '../../src/view/node-view.ts';
import { documents, settings } from './objects.ts';

/** The tables that objects give for node n1 (or other settings), in parts, one for each family. */
export function programs(objects: readonly unknown[], changes: Partial<Settings> = {}): readonly TableProgram[] {
	const wanted = settings(changes);
	const { view } = nodeView(readCluster(documents(...objects), wanted).state, wanted);
	if (view === null) throw new Error('no view');
	return view.families.map((family) => compileTable(view, family));
}
