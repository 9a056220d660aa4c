import { arch, cpus, release } from 'node:os';
import { inNamespace, type Namespaces } from './namespaces.ts';

/** What figures were measured on, in one line. */
export function describeMachine(namespaces: Namespaces): string {
	const namespace = namespaces.add();
	const nft = inNamespace(namespace, 'nft', '--version').split(' ')[1] ?? '';
	namespaces.remove(namespace);
	const model = cpus()[0]?.model.trim() ?? 'unknown processor';
	return `Linux ${release()} ${arch()}, nft ${nft}, Node ${process.version}, ${cpus().length} × ${model}`;
}
