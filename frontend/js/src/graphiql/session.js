// Asks the graph as whoever is signed in here: the refresh cookie gives an access token, which lives in this page's memory only.

const RENEW = 'mutation { refresh { accessToken viewer { name role } } }';

let session;

const post = (body, token) =>
  fetch('/graphql', {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/graphql-response+json, application/json',
      ...(token && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
  });

// Resolves to { token, viewer }, or to null when nobody is signed in; concurrent callers share one request, as a cookie is spent once.
let renewing;
export function renew() {
  renewing ??= (async () => {
    try {
      const { data } = await (await post({ query: RENEW })).json();
      const { accessToken: token, viewer } = data?.refresh ?? {};
      session = token ? { token, viewer } : null;
      return session;
    } finally {
      renewing = undefined;
    }
  })();
  return renewing;
}

// What GraphiQL calls with { query, variables, operationName }. An expired token is renewed once.
export async function fetcher(request) {
  let response = await post(request, session?.token);
  if (response.status === 401 && (await renew())) response = await post(request, session.token);
  return response.json();
}
