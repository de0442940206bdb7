/** How the host ring and the suite inside the extension host agree: by environment variables. */
export const hostReportVariable = 'LOCAL_BACKENDS_HOST_REPORT';
export const hostGrepVariable = 'LOCAL_BACKENDS_HOST_GREP';
