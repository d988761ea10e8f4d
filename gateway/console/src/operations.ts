/** Every operation the console sends; the types of what they answer are in types.ts. */

const sample = 'value number unit quality status sourceTime receivedTime';
const workflowCore =
  'id workflowId state attention allowedActions approvalsRequired version startedAt updatedAt';
const finding =
  'text unit observed expected comparedWith deviation since confidence signal { id name displayName }';
const recommendationCore = `id title severity confidence status since raisedAt detector
  failureMode { name description mode mechanism { code text } cause { code text } }
  alternatives { confidence failureMode { name } }
  findings { ${finding} }`;

const health = `state score assessedAt findings { ${finding} }`;

export const viewerQuery = `query Viewer { viewer { name personId tenant roles signedInAt sessionExpiresAt } }`;

/** Levels above the assets: the plant's structure. */
export const structureQuery = `query Structure {
  twins(first: 500, filter: { kinds: [SITE, AREA, LINE, CELL] }) { nodes { id twinId name kind parent { id } } }
  plantLinks { name protocol endpoint state since reason mappedSignals samplesReceived }
}`;

/** Assets page by page, so that a large plant is shown while the rest is on its way. */
export const assetsQuery = `query Assets($after: String) {
  twins(first: 100, after: $after, filter: { kinds: [ASSET] }) {
    pageInfo { hasNextPage endCursor }
    nodes {
      id twinId name kind parent { id }
      signals { id name displayName unit valueType samplingPeriodMs range { low high } latest { ${sample} } }
      health { ${health} }
      workflows(open: true) { ${workflowCore} recommendation { title } }
    }
  }
}`;

export const findQuery = `query Find($text: String!) {
  twins(first: 30, filter: { text: $text }) { nodes { id twinId name kind ancestors { name } } }
}`;

export const signalUpdates = `subscription SignalUpdates($ids: [ID!]!) {
  signalUpdated(signalIds: $ids) { sequence signal { id } sample { ${sample} } }
}`;

export const healthChanges = `subscription HealthChanges { healthChanged { ${health} twin { id } } }`;

export const linkChanges = `subscription LinkChanges { plantLinkChanged { name protocol endpoint state since reason mappedSignals samplesReceived } }`;

export const assetQuery = `query Asset($twinId: String!) {
  twinByTwinId(twinId: $twinId) {
    id twinId name kind revision
    ancestors { twinId name kind }
    children {
      twinId name kind
      properties { name value }
      signals { id name displayName description unit valueType samplingPeriodMs range { low high } latest { ${sample} } }
    }
    model { modelId displayName standard standardVersion description }
    properties { name displayName value unit }
    relationships { name target { twinId name } }
    incoming: relationships(direction: IN) { name source { twinId name } }
    signals { id name displayName description unit valueType samplingPeriodMs range { low high } latest { ${sample} } }
    health { ${health} }
    healthHistory(first: 40) { at from to reason }
    recommendations { ${recommendationCore} feedback workflow { ${workflowCore} } }
    workflows { ${workflowCore} history { sequence at event from to by text } }
  }
}`;

export const seriesQuery = `query Series($id: ID!, $last: Duration!, $window: Duration!) {
  node(id: $id) { ... on Signal { id history(range: { last: $last }, window: $window) { start mean min max badCount count } } }
}`;

export const inboxQuery = `query Inbox {
  inbox {
    ${workflowCore}
    twin { twinId name health { state } }
    recommendation { ${recommendationCore} }
    plan { action priority workHours needsStop earliestStart latestEnd comment hash parts { product description quantity unit } }
    approvals { by decision comment at valid }
  }
}`;

export const workflowsQuery = `query Workflows($open: Boolean) {
  workflows(first: 100, open: $open) {
    nodes { ${workflowCore} twin { twinId name } recommendation { title severity } workOrder { notification order systemStatus } }
  }
}`;

export const workflowQuery = `query Workflow($id: ID!) {
  workflow(id: $id) {
    ${workflowCore}
    twin { twinId name health { state score } }
    recommendation { ${recommendationCore} feedback }
    plan { action priority workHours needsStop earliestStart latestEnd comment hash parts { product description quantity unit } }
    approvals { by personId decision comment at planHash valid }
    workOrder { notification order systemStatus reservation materialDocument jobOrderId scheduledStart scheduledEnd actualStart actualEnd performedBy }
    verification { passed text observedFrom observedTo }
    feedback { verdict comment by at }
    history { sequence at event from to by text }
    messages { messageId direction system type body at }
  }
}`;

export const workflowChanges = `subscription WorkflowChanges($ids: [ID!]) { workflowChanged(ids: $ids) { id state version } }`;

const payload = `workflow { id state version } errors { code message advice }`;

export const mutations = {
  accept: `mutation Accept($input: AcceptRecommendationInput!) { result: acceptRecommendation(input: $input) { ${payload} } }`,
  dismiss: `mutation Dismiss($input: DismissRecommendationInput!) { result: dismissRecommendation(input: $input) { ${payload} } }`,
  amend: `mutation Amend($input: AmendPlanInput!) { result: amendPlan(input: $input) { ${payload} } }`,
  decide: `mutation Decide($input: DecideApprovalInput!) { result: decideApproval(input: $input) { ${payload} } }`,
  cancel: `mutation Cancel($input: CancelWorkflowInput!) { result: cancelWorkflow(input: $input) { ${payload} } }`,
  resolve: `mutation Resolve($input: ResolveInterventionInput!) { result: resolveIntervention(input: $input) { ${payload} } }`,
  feedback: `mutation Feedback($input: GiveFeedbackInput!) { result: giveFeedback(input: $input) { ${payload} } }`,
} as const;
