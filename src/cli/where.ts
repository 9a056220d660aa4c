import type { Endpoint } from '../model/cluster-state.ts';
import { podName } from '../trace/address-book.ts';

/** Who an endpoint is and where: `shop/web-0 on n1 in eu-1a`. */
export function whereText({ pod, node }: Endpoint, zone: string | null): string {
	return [
		...(pod === null ? [] : [`pod ${podName(pod)}`]),
		...(node === null ? [] : [`on ${node}`]),
		...(zone === null ? [] : [`in ${zone}`]),
	].join(' ');
}
