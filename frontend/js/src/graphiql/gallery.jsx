// Ready queries that run on any company; the first line of each file is its title in English and Portuguese.
import { useEditorContext } from '@graphiql/react';
import freshness from './gallery/freshness.graphql';
import ordersToday from './gallery/orders_today.graphql';
import why from './gallery/why.graphql';
import alerts from './gallery/alerts.graphql';
import kpisByFamily from './gallery/kpis_by_family.graphql';
import demandByFamilyAndMonth from './gallery/demand_by_family_and_month.graphql';
import classByRegion from './gallery/class_by_region.graphql';
import topItems from './gallery/top_items.graphql';
import aItems from './gallery/a_items.graphql';
import search from './gallery/search.graphql';
import companyForecast from './gallery/company_forecast.graphql';
import accuracy from './gallery/accuracy.graphql';
import suppliers from './gallery/suppliers.graphql';

const portuguese = navigator.language.startsWith('pt');

export const GALLERY = [
  freshness, ordersToday, why, alerts, kpisByFamily, demandByFamilyAndMonth, classByRegion, topItems, aItems, search,
  companyForecast, accuracy, suppliers,
].map((text) => {
  const [first, ...rest] = text.split('\n');
  const [english, inPortuguese] = first.replace(/^#\s*/, '').split(' | ');
  const title = portuguese ? inPortuguese : english;
  return { title, query: `# ${title}\n${rest.join('\n')}` };
});

const Icon = () => (
  <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="1.6" aria-hidden="true">
    <path d="M4 5h16M4 12h16M4 19h10" />
  </svg>
);

function Content() {
  const { queryEditor, variableEditor } = useEditorContext({ nonNull: true });
  const show = (query) => {
    if (!queryEditor) return;
    queryEditor.setValue(query);
    // GraphiQL notices the new operation a moment later; who runs it at once must not ask for the old one.
    queryEditor.operationName = query.match(/^query (\w+)/m)?.[1];
    variableEditor?.setValue('');
    queryEditor.focus();
  };
  return (
    <section aria-labelledby="gallery-title">
      <h2 id="gallery-title" className="gallery-title">{portuguese ? 'Consultas prontas' : 'Ready queries'}</h2>
      <ul className="gallery">
        {GALLERY.map(({ title, query }) => (
          <li key={title}><button type="button" onClick={() => show(query)}>{title}</button></li>
        ))}
      </ul>
    </section>
  );
}

export const galleryPlugin = { title: portuguese ? 'Consultas prontas' : 'Ready queries', icon: Icon, content: Content };
