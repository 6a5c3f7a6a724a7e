// /graphiql: GraphiQL with the session of the dashboard, a gallery of ready queries, and nothing from anywhere else.
import { createRoot } from 'react-dom/client';
import { GraphiQL } from 'graphiql';
import 'graphiql/graphiql.css';
import './graphiql.css';
import { GALLERY, galleryPlugin } from './gallery.jsx';
import { fetcher, renew } from './session.js';

const portuguese = navigator.language.startsWith('pt');
const say = (pt, en) => (portuguese ? pt : en);

// A query that another page hands over stands behind the #, so that it is in no server's log.
const handed = new URLSearchParams(location.hash.slice(1)).get('query') ?? undefined;

// The appearance that was chosen in the dashboard, where one was.
const theme = (() => {
  try {
    const chosen = localStorage.getItem('corrente.theme');
    return chosen === 'light' || chosen === 'dark' ? chosen : undefined;
  } catch {
    return undefined;
  }
})();

function Notice({ children }) {
  return <main className="notice"><p>{children}</p></main>;
}

async function start() {
  const root = createRoot(document.getElementById('graphiql'));
  let session;
  try {
    session = await renew();
  } catch {
    root.render(<Notice>{say('O servidor não responde. ', 'The server does not answer. ')}
      <a href="/graphiql">{say('Tentar de novo', 'Try again')}</a></Notice>);
    return;
  }
  if (!session) {
    root.render(<Notice>{say('Entre no painel primeiro: ', 'Sign in to the dashboard first: ')}
      <a href="/login?next=/graphiql">{say('entrar', 'sign in')}</a></Notice>);
    return;
  }
  if (session.viewer.role === 'VIEWER') {
    root.render(<Notice>{say('O GraphiQL é para analistas. ', 'GraphiQL is for analysts. ')}
      <a href="/">{say('Voltar ao painel', 'Back to the dashboard')}</a></Notice>);
    return;
  }
  root.render(
    <GraphiQL
      fetcher={fetcher}
      plugins={[galleryPlugin]}
      visiblePlugin={galleryPlugin}
      query={handed}
      defaultQuery={GALLERY[0].query}
      forcedTheme={theme}
      isHeadersEditorEnabled={false}
    >
      <GraphiQL.Logo><a className="home" href="/">Corrente</a></GraphiQL.Logo>
    </GraphiQL>,
  );
}

start();
