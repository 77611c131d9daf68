/** The protobuf types that signatures of functions name, made known to the registry of Go types. */
import { messageType } from '../../protobuf/index.ts';
import { isMessageStruct, structOf } from '../gotypes/message.ts';
import { addTypeFamily } from '../gotypes/registry.ts';
import { GoType } from '../types.ts';

const MESSAGES = new Map(
  ['google.protobuf.Duration', 'istio.mesh.v1alpha1.MeshConfig'].map((name) => {
    const struct = structOf(messageType(name));
    return [struct.name, struct] as const;
  }),
);

/** The interface of all messages: pointers to their structs have it. */
const messageInterface = new GoType('protoreflect.ProtoMessage', 'interface', {
  implementedBy: (type) => type.kind === 'ptr' && isMessageStruct(type.elem),
});

addTypeFamily((name) => (name === messageInterface.name ? messageInterface : MESSAGES.get(name)));
