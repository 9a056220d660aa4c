import type { ClusterEvent } from '../../src/host/watch/watch-cluster.ts';
import { seededRandom } from '../state/random.ts';
import { changingCluster, listEvents } from './cluster.ts';
import { type Followed, startFollower } from './follower.ts';

// A process of its own, which is as large as an agent is: node --import tsx follower-process.ts NAMESPACE SERVICES SEED
// Programs the made-up cluster; then answers each message, some events, by what their synchronisation did. It ends when
// it is disconnected.

const [namespace = '', services = '', seed = ''] = process.argv.slice(2);
const follower = await startFollower(namespace);
const answer = (followed: Followed) => process.send?.(followed);
process.on('message', async (events: readonly ClusterEvent[]) => {
	answer(await follower.begin(() => events.forEach(follower.agent.onEvent)));
});
process.once('disconnect', () => follower.end());
answer(
	await follower.begin(() => {
		const cluster = changingCluster(Number(services), seededRandom(Number(seed)));
		for (const event of listEvents(cluster.objects())) follower.agent.onEvent(event);
		follower.agent.onSynced();
	}),
);
