import type { Behaviour } from '../model/behaviour.ts';
import { type KubeObject, labelOf } from './kube-object.ts';

const PROXY_NAME_LABEL = 'service.kubernetes.io/service-proxy-name';
const HEADLESS_LABEL = 'service.kubernetes.io/headless';

/**
 * Whether kube-proxy's watch leaves a Service or slice out: a Service that names another proxy, a slice of a headless
 * Service; earlier releases asked both labels of both. The label's value does not matter (kube-proxy `cmd/kube-proxy/app/server.go` Run).
 */
export function isHiddenFromProxies(object: KubeObject, { labelsByKind }: Behaviour): boolean {
	const own = object.kind === 'Service' ? PROXY_NAME_LABEL : HEADLESS_LABEL;
	const asked = labelsByKind ? [own] : [PROXY_NAME_LABEL, HEADLESS_LABEL];
	return asked.some((label) => labelOf(object, label) !== undefined);
}
