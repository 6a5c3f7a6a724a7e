//! What each language calls the members of the graph's enumerations, and the server's names of forecast models.

use super::Lang;
use crate::graphql::queries::enums::{
    AlertCategory, AlertLevel, AuditFault, DemandClass, DemandGroup, DemandMeasure, ForecastLevel, Granularity,
    ImportStatus, ItemKind, Priority, RecommendationStatus, RecommendationType, RejectSeverity, Role,
};

impl Lang {
    /// The name of a bucket width.
    pub fn granularity(self, granularity: Granularity) -> &'static str {
        match granularity {
            Granularity::Day => self.choose("Dia", "Day"),
            Granularity::Week => self.choose("Semana", "Week"),
            Granularity::Month => self.choose("Mês", "Month"),
            Granularity::Quarter => self.choose("Trimestre", "Quarter"),
            Granularity::Year => self.choose("Ano", "Year"),
        }
    }

    /// The name of a role.
    pub fn role(self, role: Role) -> &'static str {
        match role {
            Role::Viewer => self.choose("Leitura", "Viewer"),
            Role::Analyst => self.choose("Analista", "Analyst"),
            Role::Admin => self.choose("Administração", "Admin"),
        }
    }

    /// Stock or service.
    pub fn kind(self, kind: ItemKind) -> &'static str {
        match kind {
            ItemKind::Material => self.choose("Material", "Material"),
            ItemKind::Service => self.choose("Serviço", "Service"),
        }
    }

    /// The name of a kind of recommendation.
    pub fn recommendation(self, kind: RecommendationType) -> &'static str {
        match kind {
            RecommendationType::Reorder => self.choose("Comprar", "Reorder"),
            RecommendationType::Expedite => self.choose("Apressar", "Expedite"),
            RecommendationType::Reallocate => self.choose("Transferir", "Reallocate"),
            RecommendationType::Hold => self.choose("Segurar", "Hold"),
            RecommendationType::Promo => self.choose("Escoar", "Sell down"),
        }
    }

    /// The name of a priority.
    pub fn priority(self, priority: Priority) -> &'static str {
        match priority {
            Priority::Critical => self.choose("Crítica", "Critical"),
            Priority::High => self.choose("Alta", "High"),
            Priority::Medium => self.choose("Média", "Medium"),
            Priority::Low => self.choose("Baixa", "Low"),
        }
    }

    /// The name of what has become of a recommendation.
    pub fn status(self, status: RecommendationStatus) -> &'static str {
        match status {
            RecommendationStatus::Open => self.choose("Aberta", "Open"),
            RecommendationStatus::Acknowledged => self.choose("Reconhecida", "Acknowledged"),
            RecommendationStatus::Done => self.choose("Concluída", "Done"),
            RecommendationStatus::Dismissed => self.choose("Dispensada", "Dismissed"),
        }
    }

    /// The name of an alert's level.
    pub fn alert_level(self, level: AlertLevel) -> &'static str {
        match level {
            AlertLevel::Critical => self.choose("Crítico", "Critical"),
            AlertLevel::Warning => self.choose("Atenção", "Warning"),
            AlertLevel::Normal => self.choose("Informação", "Information"),
        }
    }

    /// The name of an alert's category.
    pub fn alert_category(self, category: AlertCategory) -> &'static str {
        match category {
            AlertCategory::Stockout => self.choose("Ruptura", "Stock-out"),
            AlertCategory::StockoutRisk => self.choose("Risco de ruptura", "Stock-out risk"),
            AlertCategory::BelowReorderPoint => self.choose("Abaixo do ponto de pedido", "Below reorder point"),
            AlertCategory::Overstock => self.choose("Excesso", "Overstock"),
            AlertCategory::DelayedOrder => self.choose("Pedido atrasado", "Delayed order"),
            AlertCategory::DemandSpike => self.choose("Pico de demanda", "Demand spike"),
            AlertCategory::DemandCollapse => self.choose("Queda de demanda", "Demand collapse"),
            AlertCategory::ForecastDrift => self.choose("Desvio da previsão", "Forecast drift"),
            AlertCategory::DataQuality => self.choose("Qualidade dos dados", "Data quality"),
            AlertCategory::StaleData => self.choose("Dados antigos", "Stale data"),
            AlertCategory::JobFailure => self.choose("Falha de processo", "Job failure"),
        }
    }

    /// A demand class as a sentence a planner can act on.
    pub fn demand_class(self, class: DemandClass) -> &'static str {
        match class {
            DemandClass::Smooth => self.choose(
                "Regular: sai quase sempre, em quantidades parecidas",
                "Smooth: moves almost always, in similar quantities",
            ),
            DemandClass::Erratic => self.choose(
                "Errática: sai quase sempre, em quantidades muito diferentes",
                "Erratic: moves almost always, in very different quantities",
            ),
            DemandClass::Intermittent => self.choose(
                "Intermitente: sai de vez em quando, em quantidades parecidas",
                "Intermittent: moves now and then, in similar quantities",
            ),
            DemandClass::Lumpy => self.choose(
                "Irregular: sai de vez em quando, em quantidades muito diferentes",
                "Lumpy: moves now and then, in very different quantities",
            ),
            DemandClass::New => {
                self.choose("Nova: história curta demais para classificar", "New: too little history to classify")
            }
            DemandClass::Obsolete => {
                self.choose("Sem giro: já saiu, mas parou", "Obsolete: it used to move and has stopped")
            }
            DemandClass::NoDemand => self.choose("Sem demanda registrada", "No demand on record"),
            DemandClass::Censored => self.choose(
                "Encoberta: dias sem estoque escondem a demanda",
                "Censored: days without stock hide the demand",
            ),
        }
    }

    /// The name of a demand class, without what it means.
    pub fn class_name(self, class: DemandClass) -> &'static str {
        let sentence = self.demand_class(class);
        sentence.split_once(':').map_or(sentence, |(name, _)| name)
    }

    /// The grain a forecast was made at.
    pub fn forecast_level(self, level: ForecastLevel) -> &'static str {
        match level {
            ForecastLevel::ItemSite => self.choose("material e local", "material and site"),
            ForecastLevel::Item => self.choose("material, todos os locais", "material, all sites"),
            ForecastLevel::Family => self.choose("família", "family"),
            ForecastLevel::Region => self.choose("região", "region"),
            ForecastLevel::All => self.choose("toda a empresa", "the whole company"),
        }
    }

    /// What a forecast model is called among planners; one that has no name here keeps the server's.
    pub fn forecast_model(self, model: &str) -> String {
        match model {
            "SEASONAL_NAIVE" => self.choose("Repetição sazonal", "Seasonal naive"),
            "HISTORIC_MEAN" => self.choose("Média histórica", "Historic mean"),
            "SES" => self.choose("Suavização exponencial", "Exponential smoothing"),
            "SEASONAL_SES" => self.choose("Suavização com semana", "Smoothing with a weekly season"),
            "CROSTON_SBA" => "Croston-SBA",
            "COMBINATION" => self.choose("Combinação de modelos", "Combination of models"),
            "ALL_ZERO" => self.choose("Sempre zero", "Always zero"),
            "SINGLE_DEMAND" => self.choose("Uma única demanda", "A single demand"),
            "SHORT_SERIES" => self.choose("História curta", "Short history"),
            "ALLOCATED" => self.choose("Parte da previsão do material", "Share of the item's forecast"),
            other => other,
        }
        .to_owned()
    }

    /// Why the server refused a change, by its word for it; a word that has no sentence here keeps the server's own.
    pub fn refusal(self, code: &str, message: &str) -> String {
        match code {
            "BAD_EMAIL" => self.choose("Isto não é um e-mail.", "This is no e-mail address."),
            "BAD_NAME" | "BAD_LENGTH" => {
                self.choose("O nome precisa de 1 a 100 caracteres.", "The name needs 1 to 100 characters.")
            }
            "EMAIL_TAKEN" => {
                self.choose("Já há uma pessoa com este e-mail.", "Somebody has this e-mail address already.")
            }
            "TOO_SHORT" => {
                self.choose("A senha precisa de pelo menos 8 caracteres.", "The password needs at least 8 characters.")
            }
            "TOO_LONG" => self.choose("A senha é longa demais.", "The password is too long."),
            "LAST_ADMIN" => self.choose(
                "É a última pessoa ativa da administração: não pode ser bloqueada nem mudar de papel.",
                "This is the last active administrator, who can be neither locked out nor given another role.",
            ),
            "BAD_DAYS" => self.choose("Um token vale de 1 a 3.650 dias.", "A token lives from 1 to 3,650 days."),
            "ROLE_TOO_HIGH" => self.choose("O papel não pode ir além do seu.", "The role cannot go beyond yours."),
            "NOT_FOUND" => self.choose("Isto não existe mais.", "This is no longer there."),
            _ => message,
        }
        .to_owned()
    }

    /// What is measured of demand.
    pub fn measure(self, measure: DemandMeasure) -> &'static str {
        match measure {
            DemandMeasure::Quantity => self.choose("Quantidade", "Quantity"),
            DemandMeasure::Cost => self.choose("Custo", "Cost"),
            DemandMeasure::DemandDays => self.choose("Dias com demanda", "Days with demand"),
            DemandMeasure::StockedOutDays => self.choose("Dias sem estoque", "Days out of stock"),
            DemandMeasure::MeanUnitCost => self.choose("Custo unitário médio", "Mean unit cost"),
            DemandMeasure::Peak => self.choose("Pico em um dia", "Peak of a day"),
        }
    }

    /// What demand is grouped by.
    pub fn demand_group(self, group: DemandGroup) -> &'static str {
        match group {
            DemandGroup::Item => "Material",
            DemandGroup::Family => self.texts().family,
            DemandGroup::Category => self.texts().category,
            DemandGroup::Site => self.texts().site,
            DemandGroup::Region => self.texts().region,
            DemandGroup::Supplier => self.choose("Fornecedor", "Supplier"),
            DemandGroup::AbcClass => self.texts().abc,
            DemandGroup::XyzClass => self.texts().xyz,
        }
    }

    /// How an import stands.
    pub fn import_status(self, status: ImportStatus) -> &'static str {
        match status {
            ImportStatus::Running => self.choose("Em andamento", "Running"),
            ImportStatus::Done => self.choose("Concluída", "Done"),
            ImportStatus::Failed => self.choose("Falhou", "Failed"),
            ImportStatus::Interrupted => self.choose("Interrompida", "Interrupted"),
        }
    }

    /// What became of a line that somebody should look at.
    pub fn severity(self, severity: RejectSeverity) -> &'static str {
        match severity {
            RejectSeverity::Reject => self.choose("Recusada", "Refused"),
            RejectSeverity::Flag => self.choose("Aceita com ressalva", "Kept with a flag"),
        }
    }

    /// How an entry of the audit log does not fit into its chain.
    pub fn audit_fault(self, fault: AuditFault) -> &'static str {
        match fault {
            AuditFault::Changed => self.choose("foi alterado", "was changed"),
            AuditFault::Removed => self.choose("foi removido", "was removed"),
            AuditFault::Reordered => self.choose("está fora de ordem", "is out of order"),
            AuditFault::CutTail => self.choose("e os seguintes foram cortados", "and those behind it were cut off"),
            AuditFault::Added => self.choose("foi acrescentado por fora", "was added behind our back"),
        }
    }
}
