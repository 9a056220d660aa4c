import { join } from 'node:path';
import { type Assets, type ControlPlane, isExecutable } from './control-plane.ts';
import { controllerFlags, type Running, startProgram } from './control-plane-programs.ts';

// The real EndpointSlice controller. It is part of kube-controller-manager, which setup-envtest does not bring: whoever has
// one puts it beside the other programs.

const PROGRAM = 'kube-controller-manager';

/** A file that can be run. */
export interface Program {
	readonly path: string;
}

/** Where the controller's program is, or that it is missing, as a sentence for whoever reads the output of the tests. */
export function findController({ folder }: Pick<Assets, 'folder'>): Program | string {
	const path = join(folder, PROGRAM);
	return isExecutable(path) ? { path } : `KUBEBUILDER_ASSETS=${folder} lacks ${PROGRAM}`;
}

/** Starts it for a control plane; stop it first. */
export function startController({ path }: Program, { kubeconfig }: ControlPlane): Running {
	return startProgram(path, controllerFlags(kubeconfig));
}
