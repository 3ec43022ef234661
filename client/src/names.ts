/** Also the section of the settings, so that `configmgrTopology.trace.server` is honoured. */
export const id = 'configmgrTopology';
export const name = 'ConfigMgr Topology';
