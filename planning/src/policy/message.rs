//! Every sentence the policy says, in every language it says it in.
//!
//! A message is stored as a code and parameters and becomes text when somebody reads it, in their language. To add a
//! language: one column in [`MessageCode::template`]; to add a message: one variant and its line there.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// A reader's language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Locale {
    #[default]
    #[serde(rename = "pt-BR")]
    PtBr,
    #[serde(rename = "en")]
    En,
}

impl Locale {
    pub const ALL: [Self; 2] = [Self::PtBr, Self::En];

    /// The first language of an `Accept-Language` or setting that we speak; Portuguese otherwise.
    pub fn of(tag: &str) -> Self {
        if tag.trim_start().to_ascii_lowercase().starts_with("en") { Self::En } else { Self::PtBr }
    }

    /// Grouped, with as many decimals as a sentence needs: `1.234,5` or `1,234.5`, `12,25`, `0,0125`. The explanation
    /// beside the sentence holds the exact figures.
    pub fn number(self, value: f64) -> String {
        let decimals = match value.abs() {
            size if size >= 100.0 => 1,
            size if size >= 1.0 => 2,
            _ => 4,
        };
        let plain = format!("{value:.decimals$}");
        let plain = plain.trim_end_matches('0').trim_end_matches('.');
        let (sign, digits) = plain.strip_prefix('-').map_or(("", plain), |rest| ("-", rest));
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let (group, point) = match self {
            Self::PtBr => ('.', ','),
            Self::En => (',', '.'),
        };
        let mut text = String::from(sign);
        for (at, digit) in whole.chars().enumerate() {
            if at > 0 && (whole.len() - at) % 3 == 0 {
                text.push(group);
            }
            text.push(digit);
        }
        if !fraction.is_empty() {
            text.push(point);
            text.push_str(fraction);
        }
        text
    }

    /// `31/12/2025` or `2025-12-31`.
    pub fn date(self, date: NaiveDate) -> String {
        match self {
            Self::PtBr => date.format("%d/%m/%Y"),
            Self::En => date.format("%Y-%m-%d"),
        }
        .to_string()
    }
}

/// A parameter of a message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Param {
    Number(f64),
    Date(NaiveDate),
    Text(String),
}

/// A sentence before it has a language.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Message {
    pub code: MessageCode,
    pub params: BTreeMap<String, Param>,
}

impl Message {
    pub fn new(code: MessageCode) -> Self {
        Self { code, params: BTreeMap::new() }
    }

    /// Adds a number, kept only if the code's sentence uses it; so do the others.
    #[must_use]
    pub fn number(self, name: &str, value: f64) -> Self {
        self.with(name, Param::Number(crate::round4(value)))
    }

    #[must_use]
    pub fn date(self, name: &str, value: NaiveDate) -> Self {
        self.with(name, Param::Date(value))
    }

    #[must_use]
    pub fn text(self, name: &str, value: &str) -> Self {
        self.with(name, Param::Text(value.to_owned()))
    }

    fn with(mut self, name: &str, value: Param) -> Self {
        let slot = format!("{{{name}}}");
        if Locale::ALL.iter().any(|locale| self.code.template(*locale).contains(&slot)) {
            self.params.insert(name.to_owned(), value);
        }
        self
    }

    /// The sentence in a language. A slot without a parameter stays visible: a gap should be seen, not guessed.
    pub fn render(&self, locale: Locale) -> String {
        let mut text = String::new();
        let mut rest = self.code.template(locale);
        while let Some((before, after)) = rest.split_once('{') {
            text.push_str(before);
            let Some((name, tail)) = after.split_once('}') else {
                break;
            };
            match self.params.get(name) {
                Some(Param::Number(value)) => text.push_str(&locale.number(*value)),
                Some(Param::Date(value)) => text.push_str(&locale.date(*value)),
                Some(Param::Text(value)) => text.push_str(value),
                None => text.extend(["{", name, "}"]),
            }
            rest = tail;
        }
        text.push_str(rest);
        text
    }
}

/// Which sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum MessageCode {
    Reorder,
    Expedite,
    Reallocate,
    Hold,
    Promo,
    Stockout,
    StockoutRisk,
    BelowReorderPoint,
    Overstock,
    DelayedOrder,
    DemandSpike,
    DemandCollapse,
    ItemDemandSpike,
    ItemDemandCollapse,
    ForecastTooLow,
    ForecastTooHigh,
    ForecastBandMissed,
    DataQuality,
    StaleData,
    JobFailure,
    NightlyFailure,
}

impl MessageCode {
    pub const ALL: [Self; 21] = [
        Self::Reorder,
        Self::Expedite,
        Self::Reallocate,
        Self::Hold,
        Self::Promo,
        Self::Stockout,
        Self::StockoutRisk,
        Self::BelowReorderPoint,
        Self::Overstock,
        Self::DelayedOrder,
        Self::DemandSpike,
        Self::DemandCollapse,
        Self::ItemDemandSpike,
        Self::ItemDemandCollapse,
        Self::ForecastTooLow,
        Self::ForecastTooHigh,
        Self::ForecastBandMissed,
        Self::DataQuality,
        Self::StaleData,
        Self::JobFailure,
        Self::NightlyFailure,
    ];

    /// The sentence with `{slots}`; both languages have the same slots.
    pub fn template(self, locale: Locale) -> &'static str {
        let (pt, en) = match self {
            Self::Reorder => (
                "Comprar {quantity} de {item} para {site} até {act_by}: há {on_hand}, o ponto de pedido é {reorder_point}.",
                "Order {quantity} of {item} for {site} by {act_by}: {on_hand} on hand, the reorder point is {reorder_point}.",
            ),
            Self::Expedite => (
                "Apressar o pedido {order} ({quantity} de {item} para {site}): chega depois da falta provável.",
                "Hurry order {order} ({quantity} of {item} for {site}): it arrives after the likely stock-out.",
            ),
            Self::Reallocate => (
                "Transferir {quantity} de {item} de {from_site} para {site} até {act_by}: há {on_hand}, o ponto de pedido é {reorder_point}.",
                "Move {quantity} of {item} from {from_site} to {site} by {act_by}: {on_hand} on hand, the reorder point is {reorder_point}.",
            ),
            Self::Hold => (
                "Não comprar {item} para {site}: o estoque cobre {cover} dias, {quantity} além do necessário.",
                "Do not order {item} for {site}: stock covers {cover} days, {quantity} beyond need.",
            ),
            Self::Promo => (
                "Dar saída a {quantity} de {item} em {site}: sem demanda há {days} dias.",
                "Clear {quantity} of {item} at {site}: no demand for {days} days.",
            ),
            Self::Stockout => ("{item} em falta em {site}.", "{item} is out of stock at {site}."),
            Self::StockoutRisk => (
                "{item} deve faltar em {site} em {date}, antes que um pedido de hoje chegue.",
                "{item} is likely to run out at {site} on {date}, before an order of today could arrive.",
            ),
            Self::BelowReorderPoint => (
                "{item} em {site} abaixo do ponto de pedido: {available} de {reorder_point}.",
                "{item} at {site} is below its reorder point: {available} of {reorder_point}.",
            ),
            Self::Overstock => (
                "Estoque excessivo de {item} em {site}: cobre {cover} dias.",
                "Too much {item} at {site}: stock covers {cover} days.",
            ),
            Self::DelayedOrder => (
                "Pedido {order} de {item} atrasado {days} dias (prometido para {date}).",
                "Order {order} of {item} is {days} days late (promised for {date}).",
            ),
            Self::DemandSpike => (
                "Demanda de {item} em {site} acima da faixa: {actual} em {days} dias, esperado no máximo {limit}.",
                "Demand for {item} at {site} is above its band: {actual} in {days} days, at most {limit} expected.",
            ),
            Self::DemandCollapse => (
                "Demanda de {item} em {site} abaixo da faixa: {actual} em {days} dias, esperado no mínimo {limit}.",
                "Demand for {item} at {site} is below its band: {actual} in {days} days, at least {limit} expected.",
            ),
            Self::ItemDemandSpike => (
                "Demanda de {item} acima da faixa: {actual} em {days} dias, esperado no máximo {limit}.",
                "Demand for {item} is above its band: {actual} in {days} days, at most {limit} expected.",
            ),
            Self::ItemDemandCollapse => (
                "Demanda de {item} abaixo da faixa: {actual} em {days} dias, esperado no mínimo {limit}.",
                "Demand for {item} is below its band: {actual} in {days} days, at least {limit} expected.",
            ),
            Self::ForecastTooLow => (
                "A previsão está baixa demais ({member}): {actual} em {days} dias, previsto {mean}, no máximo {limit}.",
                "The forecast is too low ({member}): {actual} in {days} days, {mean} forecast, at most {limit}.",
            ),
            Self::ForecastTooHigh => (
                "A previsão está alta demais ({member}): {actual} em {days} dias, previsto {mean}, no mínimo {limit}.",
                "The forecast is too high ({member}): {actual} in {days} days, {mean} forecast, at least {limit}.",
            ),
            Self::ForecastBandMissed => (
                "A previsão erra a faixa de 80 % vezes demais ({member}): {misses} de {days} dias, no máximo {limit} pelo teste.",
                "The forecast misses its 80 % band too often ({member}): {misses} of {days} days, at most {limit} by its backtest.",
            ),
            Self::DataQuality => {
                ("{file}: {rejected} de {read} linhas rejeitadas.", "{file}: {rejected} of {read} lines were rejected.")
            }
            Self::StaleData => {
                ("Os dados terminam em {date}, há {days} dias.", "The data end on {date}, {days} days ago.")
            }
            Self::JobFailure => ("A tarefa {job} falhou.", "The job {job} failed."),
            Self::NightlyFailure => ("A rotina noturna falhou em: {steps}.", "The nightly run failed at: {steps}."),
        };
        match locale {
            Locale::PtBr => pt,
            Locale::En => en,
        }
    }
}
