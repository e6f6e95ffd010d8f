import { checkConformance } from './check-conformance.ts';

checkConformance('two replicas on NATS');
