//! Every sentence of the dashboard, Portuguese beside English. `{0}` and `{1}` are filled by [`super::fill`].

/// Declares the sentences once and makes from them the type and its two values.
macro_rules! texts {
    ($($name:ident: $pt_br:literal, $en:literal;)+) => {
        /// The sentences of one language.
        #[derive(Debug)]
        #[allow(missing_docs)]
        pub struct Texts { $(pub $name: &'static str),+ }

        /// Portuguese.
        pub static PT_BR: Texts = Texts { $($name: $pt_br),+ };

        /// English.
        pub static EN: Texts = Texts { $($name: $en),+ };
    };
}

texts! {
    skip_to_content: "Ir para o conteúdo", "Skip to content";
    navigation: "Navegação principal", "Main navigation";
    nav_dashboard: "Painel", "Dashboard";
    nav_materials: "Materiais", "Materials";
    nav_recommendations: "Recomendações", "Recommendations";
    nav_alerts: "Alertas", "Alerts";
    unread: "{0} não lidos", "{0} unread";
    sign_out: "Sair", "Sign out";
    language: "Idioma", "Language";
    theme: "Aparência", "Appearance";
    theme_system: "Do sistema", "System";
    theme_light: "Clara", "Light";
    theme_dark: "Escura", "Dark";
    data_through: "Dados até {0}", "Data through {0}";
    data_stale: "Dados atrasados", "Data are stale";
    no_data_yet: "Ainda sem dados", "No data yet";
    refreshed_at: "atualizado em {0}", "refreshed {0}";

    sign_in: "Entrar", "Sign in";
    sign_in_title: "Entrar no Corrente", "Sign in to Corrente";
    sign_in_lead: "Demanda, previsão e o que comprar hoje.", "Demand, forecasts and what to order today.";
    email: "E-mail", "E-mail";
    password: "Senha", "Password";
    signing_in: "Entrando…", "Signing in…";
    demo_title: "Empresa de demonstração", "Demo company";
    demo_lead: "Os dados são inventados. Entre com um destes acessos:", "The data are invented. Sign in with one of these:";
    demo_use: "Usar", "Use";

    live_lost: "Sem conexão com o servidor. O que está na tela pode estar desatualizado; tentando de novo…", "The server is not answering. What is on the screen may be old; trying again…";
    close: "Fechar", "Close";
    loading: "Carregando…", "Loading…";
    try_again: "Tentar de novo", "Try again";
    error_title: "Não deu para carregar", "This could not be loaded";
    error_unreachable: "O servidor não respondeu. Verifique a rede e tente de novo.", "The server did not answer. Check the network and try again.";
    error_unauthenticated: "A sessão terminou. Entre de novo.", "The session has ended. Sign in again.";
    error_forbidden: "Seu acesso não permite ver isto.", "Your role does not allow this.";
    error_busy: "O servidor está ocupado. Tente de novo em instantes.", "The server is busy. Try again in a moment.";
    error_server: "O servidor falhou.", "The server failed.";
    error_unreadable: "A resposta do servidor não foi entendida. Recarregue a página.", "The server's answer was not understood. Reload the page.";
    error_request_id: "Código do pedido: {0}", "Request id: {0}";

    period: "Período", "Period";
    days: "{0} dias", "{0} days";
    custom_range: "Outro período", "Other period";
    from: "De", "From";
    to: "Até", "To";
    apply: "Aplicar", "Apply";
    by: "Agrupar por", "Group by";
    horizon: "Horizonte", "Horizon";
    site: "Local", "Site";
    all_sites: "Todos os locais", "All sites";
    all: "Todas", "All";
    clear_filters: "Limpar filtros", "Clear filters";
    search: "Buscar", "Search";
    search_materials: "Buscar por código ou nome", "Search by code or name";
    family: "Família", "Family";
    families: "Famílias", "Families";
    chosen: "{0} escolhidas", "{0} chosen";
    abc: "Classe ABC", "ABC class";
    xyz: "Classe XYZ", "XYZ class";
    previous: "Anterior", "Previous";
    next: "Próxima", "Next";
    pages: "Páginas", "Pages";
    export_as: "Baixar como {0}", "Download as {0}";
    export_failed: "Não foi possível gerar o arquivo.", "The file could not be made.";

    show_table: "Ver como tabela", "Show as table";
    hide_table: "Ocultar tabela", "Hide table";
    date: "Data", "Date";
    week_of: "Semana de", "Week of";
    month: "Mês", "Month";
    actual: "Realizado", "Actual";
    forecast: "Previsto", "Forecast";
    band80: "Faixa de 80 %", "80 % band";
    band50: "Faixa de 50 %", "50 % band";
    lower80: "80 %, de", "80 %, from";
    upper80: "80 %, até", "80 %, to";
    stocked_out: "Sem estoque", "Stocked out";
    today: "hoje", "today";
    chart_failed: "O gráfico não carregou.", "The chart did not load.";
    chart_label: "Gráfico de {0}. A tabela logo abaixo traz os mesmos números.", "Chart of {0}. The table below it has the same numbers.";

    dashboard_title: "Painel", "Dashboard";
    demand_title: "Demanda e previsão", "Demand and forecast";
    demand_in_period: "Demanda no período", "Demand in the period";
    all_units: "soma de todas as unidades", "sum over all units of measure";
    sums_have_no_band: "Ao agrupar, a previsão mostra só a soma das médias, em períodos inteiros. Faixas diárias não se somam.", "Grouped, the forecast shows only the sum of the means, in whole periods. Daily bands do not add up.";
    no_forecast: "Ainda não há previsão para esta série.", "There is no forecast for this series yet.";
    no_demand: "Nenhuma demanda neste período.", "No demand in this period.";
    no_demand_hint: "Escolha um período maior ou importe um arquivo de compras.", "Choose a longer period, or import a purchase file.";
    company_empty: "Ainda não há dados", "There are no data yet";
    company_empty_hint: "Importe um arquivo com `corrente import ARQUIVO` e volte aqui.", "Import a file with `corrente import FILE`, then come back.";
    kpis: "Indicadores", "Key figures";
    kpi_stockout: "Taxa de ruptura", "Stock-out rate";
    kpi_delayed: "Pedidos atrasados", "Delayed orders";
    kpi_mape: "Erro da previsão", "Forecast error";
    kpi_mape_hint: "MAPE, família e semana, 28 dias", "MAPE, family and week, 28 days";
    kpi_turnover: "Giro do estoque", "Stock turnover";
    kpi_demand: "Demanda em 30 dias", "Demand in 30 days";
    kpi_a_share: "Peso da classe A", "Share of class A";
    kpi_a_share_note: "da demanda em valor ou linhas", "of demand by value or lines";
    cover_for: "cobre {0} dias", "covers {0} days";
    kpi_decision: "Tempo até a decisão", "Time to decision";
    target_below: "meta < {0}", "target < {0}";
    target_between: "meta {0} a {1}", "target {0} to {1}";
    on_target: "dentro da meta", "on target";
    off_target: "fora da meta", "off target";
    no_stock_data: "sem dados de estoque", "no stock data";
    no_promises: "sem datas prometidas", "no promised dates";
    no_tested_forecast: "previsão ainda não avaliada", "forecast not measured yet";
    no_decisions: "nenhuma decisão ainda", "no decision yet";
    minutes: "{0} min", "{0} min";
    days_short: "{0} dias", "{0} days";
    do_today: "O que fazer hoje", "What to do today";
    see_all: "Ver todas ({0})", "See all ({0})";
    see_all_alerts: "Ver todos", "See all";
    latest_alerts: "Alertas recentes", "Latest alerts";
    nothing_to_do: "Nada a fazer agora", "Nothing to do now";
    nothing_to_do_hint: "Nenhuma recomendação em aberto.", "There is no open recommendation.";
    no_alerts: "Nenhum alerta", "No alerts";
    no_alerts_hint: "Quando algo fugir do esperado, aparece aqui.", "When something leaves the expected, it shows here.";

    materials_title: "Materiais", "Materials";
    results: "{0} materiais", "{0} materials";
    sku: "Código", "Code";
    name: "Material", "Material";
    unit: "Un.", "Unit";
    criticality: "Criticidade", "Criticality";
    on_hand: "Em estoque", "On hand";
    on_order: "Em pedido", "On order";
    not_recorded: "não registrado", "not recorded";
    no_materials: "Nenhum material encontrado", "No material found";
    no_materials_hint: "Mude a busca ou limpe os filtros.", "Change the search or clear the filters.";
    material_missing: "Material não encontrado", "Material not found";
    material_missing_hint: "Nenhum material tem o código {0}.", "No material has the code {0}.";
    back_to_materials: "Voltar aos materiais", "Back to materials";
    unit_cost: "Custo unitário", "Unit cost";
    category: "Categoria", "Category";
    inactive: "Inativo", "Inactive";
    stock_as_of: "em {0}", "on {0}";
    expected_demand: "Demanda esperada", "Expected demand";
    in_days: "em {0} dias", "in {0} days";
    forecast_about: "Sobre a previsão", "About the forecast";
    model: "Modelo", "Model";
    demand_class: "Tipo de demanda", "Kind of demand";
    level: "Feita para", "Made for";
    origin: "Feita a partir de", "Made from";
    tested: "Testada em {0} pontos do passado", "Tested at {0} points of the past";
    beats_naive: "O erro foi {0} do erro de repetir o último valor: a previsão ganha.", "The error was {0} of that of repeating the last value: the forecast wins.";
    loses_naive: "O erro foi {0} do erro de repetir o último valor: esta série é difícil de prever.", "The error was {0} of that of repeating the last value: this series is hard to forecast.";
    bias_high: "Em média, previu {0} a mais que o realizado por dia.", "On average it forecast {0} more than the actual per day.";
    bias_low: "Em média, previu {0} a menos que o realizado por dia.", "On average it forecast {0} less than the actual per day.";
    coverage_words: "De cada 100 dias testados, {0} ficaram dentro da faixa de 80 %.", "Of every 100 days tested, {0} fell inside the 80 % band.";
    not_tested: "Esta previsão ainda não foi testada contra o passado.", "This forecast has not been tested against the past yet.";
    calibration: "Calibração medida", "Measured calibration";
    calibration_hint: "Quantas vezes o realizado passou do valor previsto para cada nível.", "How often the actual went above the value forecast for each level.";
    quantile: "Nível", "Level";
    expected_above: "Esperado acima", "Expected above";
    measured_above: "Medido acima", "Measured above";
    inventory_title: "Estoque", "Inventory";
    safety_stock: "Estoque de segurança", "Safety stock";
    reorder_point: "Ponto de pedido", "Reorder point";
    no_inventory_hint: "A empresa não enviou dados de estoque; demanda e previsão não dependem deles.", "The company has sent no stock data; demand and forecasts do not need them.";
    without_demand: "Sem demanda", "No demand";
    cover_title: "Quanto tempo o estoque dura", "How long the stock lasts";
    cover_days: "Dias de cobertura", "Days of cover";
    matrix_title: "Materiais por classe", "Materials by class";
    matrix_hint: "ABC pelo valor da demanda, XYZ pela variação. Clique para ver os materiais.", "ABC by the value of demand, XYZ by its variation. Click to see the materials.";
    half_last: "metade dura mais de {0} dias", "half last more than {0} days";
    shortest_title: "Duram menos", "Last the shortest";
    longest_title: "Duram mais", "Last the longest";
    value_title: "Valor do estoque por família", "Value of the stock by family";
    value: "Valor", "Value";
    classes: "Classes", "Classes";
    median_cover: "Cobertura mediana, dias", "Median cover, days";
    materials: "Materiais", "Materials";
    shown_of: "{0} de {1} materiais, os da classe A primeiro: escolha famílias ou classes para ver os outros.", "{0} of {1} materials, those of class A first: choose families or classes to see the others.";
    services_not_forecast: "Serviços não têm previsão.", "Services are not forecast.";

    forecasts_title: "Previsões", "Forecasts";
    add_material: "Acrescentar material por código ou nome", "Add a material by code or name";
    region: "Região", "Region";
    remove: "Tirar {0}", "Remove {0}";
    scale: "Escala", "Scale";
    quantities: "Quantidades", "Quantities";
    normalised: "Normalizado", "Normalised";
    comparison_title: "Comparação de previsões", "Comparison of forecasts";
    own_level: "1 = nível médio da própria série", "1 = the series' own mean level";
    units_a_day: "por dia, na unidade de cada série", "a day, in each series' own unit";
    units_a_week: "por semana, na unidade de cada série", "a week, in each series' own unit";
    normalised_hint: "Cada série, com sua faixa, está dividida pela sua própria média no horizonte: comparam-se as formas, não os tamanhos.", "Each series and its band are divided by its own mean over the horizon: shapes are compared, not sizes.";
    most_series: "Oito séries no máximo: tire uma para acrescentar outra.", "Eight series at most: remove one to add another.";
    nothing_chosen: "Nada para comparar", "Nothing to compare";
    nothing_chosen_hint: "Busque um material ou escolha famílias, regiões ou toda a empresa.", "Search for a material, or choose families, regions or the whole company.";
    without_forecast: "sem previsão", "no forecast";
    without_level: "previsão zero, sem nível para normalizar", "forecast of zero, no level to normalise by";
    accuracy_title: "Qualidade das previsões", "How good forecasts are";
    accuracy_run: "Rodada a partir de {0}, {1} séries, medida em previsões do passado que não viam o que veio depois.", "Run from {0}, {1} series, measured on forecasts of the past that did not see what came after.";
    beating_naive: "Em {0} de {1} linhas o erro é menor que o da previsão ingênua.", "In {0} of {1} rows the error is smaller than the naive forecast's.";
    accuracy_hint: "RMSSE compara com a previsão ingênua, que repete o último valor: abaixo de 1 é melhor. WAPE é a soma dos erros dividida pela demanda. Viés acima de zero é prever demais. Cobertura é a parte dos dias dentro da faixa; ideal é o que uma faixa verdadeira cobriria, mais que o seu nome quando a demanda é de poucas unidades.", "RMSSE compares with the naive forecast, which repeats the last value: below 1 is better. WAPE is the sum of errors over demand. A bias above zero is forecasting too much. Coverage is the share of days inside the band; ideal is what a true band would cover, more than its name where demand is of few units.";
    class_and_lead: "Tipo de demanda e dias à frente", "Kind of demand and days ahead";
    days_ahead: "Dias à frente", "Days ahead";
    leads_between: "{0} a {1} dias", "{0} to {1} days";
    leads_from: "{0} dias ou mais", "{0} days or more";
    wape: "Erro (WAPE)", "Error (WAPE)";
    bias: "Viés", "Bias";
    covered: "Cobertura {0}", "Coverage {0}";
    covered_ideal: "Ideal {0}", "Ideal {0}";
    observations: "Dias medidos", "Days measured";
    coverage_title: "Cobertura da faixa de 80 % por dias à frente", "Coverage of the 80 % band by days ahead";
    measured: "Medida", "Measured";
    true_band: "Faixa verdadeira", "A true band";
    no_accuracy: "Ainda não há medição", "Nothing measured yet";
    no_accuracy_hint: "A rodada mais nova não foi medida no passado, ou não há rodada.", "The newest run was not measured on the past, or there is no run.";
    judged_title: "Previsto e o que veio", "Forecast and what came";
    judged_hint: "Cada semana com a última previsão feita antes de ela começar. Clique para ver os dias.", "Each week with the newest forecast made before it began. Click to see its days.";
    difference: "Diferença", "Difference";
    no_material: "Nenhum material entre as séries", "No material among the series";
    no_material_hint: "Acrescente um material para ver suas previsões ao lado do que veio.", "Add a material to see its forecasts beside what came.";
    not_judged: "Ainda não há semana para julgar", "No week to judge yet";
    not_judged_hint: "Uma previsão é julgada pelas semanas inteiras que vieram depois dela.", "A forecast is judged by the whole weeks that came after it was made.";

    recommendations_title: "Recomendações", "Recommendations";
    recommendation_count: "{0} recomendações", "{0} recommendations";
    status: "Situação", "Status";
    priority: "Prioridade", "Priority";
    kind: "Ação", "Action";
    act_by: "até {0}", "by {0}";
    act_now: "já venceu ({0})", "overdue ({0})";
    acknowledge: "Reconhecer", "Acknowledge";
    undo: "Desfazer", "Undo";
    acknowledged: "Reconhecida", "Acknowledged";
    why: "Por quê?", "Why?";
    inputs: "De onde vem o número", "Where the number comes from";
    lead_time: "Prazo de entrega", "Lead time";
    lead_time_demand: "Demanda no prazo", "Demand over lead time";
    mean_p90: "média {0}, em 9 de 10 casos até {1}", "mean {0}, in 9 of 10 cases up to {1}";
    service_level: "Nível de serviço", "Service level";
    order_up_to: "Repor até", "Order up to";
    formula: "Conta", "Formula";
    if_nothing: "Se nada for feito", "If nothing is done";
    runs_out: "o estoque acaba por volta de {0}", "stock runs out around {0}";
    runs_out_between: "entre {0} e {1}", "between {0} and {1}";
    no_recommendations: "Nenhuma recomendação com estes filtros", "No recommendation with these filters";
    first_page: "Voltar ao começo", "Back to the start";
    decision_failed: "Não foi possível guardar a decisão.", "The decision could not be saved.";

    alerts_title: "Alertas", "Alerts";
    alert_count: "{0} alertas", "{0} alerts";
    only_unread: "Só não lidos", "Unread only";
    mark_read: "Marcar como lido", "Mark as read";
    mark_page_read: "Marcar todos desta página", "Mark all on this page";
    read: "lido", "read";
    alert_level: "Nível", "Level";

    not_found_title: "Página não encontrada", "Page not found";
    not_found_hint: "O endereço {0} não leva a lugar nenhum.", "The address {0} leads nowhere.";
    back_home: "Ir para o painel", "Go to the dashboard";
}
