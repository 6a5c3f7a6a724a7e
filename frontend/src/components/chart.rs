//! The one bridge to ECharts: loads its chunk when the first chart appears, makes an instance, replaces its option whole,
//! reports clicks, follows the size of its box and the colours of the page, and disposes everything when the page is left.
//! Its tooltips are drawn as rich text: HTML ones write inline styles, which the content security policy forbids.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Function, Promise, Reflect};
use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Element, ResizeObserver};

use crate::charts::{Drawn, Look, Palette};
use crate::i18n::{Lang, use_lang, use_texts};
use crate::theme::Theme;

/// A chart of whatever `draw` makes of the page's colours; `draw` is called again when a signal it reads changes.
/// `label` says to a screen reader what it shows; the numbers themselves are in the table that every chart has.
#[component]
pub fn Chart(
    draw: impl Fn(&Look) -> Drawn + 'static,
    #[prop(into)] label: String,
    /// Called with the place of the mark that was clicked.
    #[prop(optional, into)]
    on_click: Option<Callback<usize>>,
    #[prop(default = "chart")] testid: &'static str,
) -> impl IntoView {
    put_up(Box::new(draw), label, on_click, testid)
}

fn put_up(
    draw: Box<dyn Fn(&Look) -> Drawn>,
    label: String,
    on_click: Option<Callback<usize>>,
    testid: &'static str,
) -> AnyView {
    let (lang, texts, theme) = (use_lang(), use_texts(), expect_context::<Theme>());
    let place = NodeRef::<Div>::new();
    let instance = StoredValue::new_local(None::<Instance>);
    let (ready, failed) = (RwSignal::new(false), RwSignal::new(false));

    on_cleanup(move || {
        instance.update_value(|slot| drop(slot.take()));
    });

    let start = move || {
        let Some(element) = place.get_untracked() else { return };
        failed.set(false);
        spawn_local(async move {
            let loaded = load_chunk().await;
            // The page may have been left while the chunk was on its way.
            if ready.is_disposed() {
                return;
            }
            let made = loaded.and_then(|()| Instance::new(&element, lang, on_click));
            match made {
                Ok(made) => {
                    instance.set_value(Some(made));
                    ready.set(true);
                }
                Err(_) => failed.set(true),
            }
        });
    };
    Effect::new(move |_| {
        if place.get().is_some() {
            start();
        }
    });
    Effect::new(move |_| {
        theme.version();
        if ready.get() {
            let drawn = draw(&Look { palette: palette(), lang });
            instance.with_value(|slot| {
                if let Some(instance) = slot {
                    instance.show(&drawn);
                }
            });
        }
    });
    view! {
        <div class="chart" role="img" aria-label=label data-testid=testid data-ready=move || ready.get().to_string() node_ref=place></div>
        {move || failed.get().then(|| view! {
            <div class="error" role="alert">
                <p>{texts.chart_failed}</p>
                <button type="button" class="button" on:click=move |_| start()>{texts.try_again}</button>
            </div>
        })}
    }
    .into_any()
}

/// Fetches the ECharts chunk through the page's own loader; resolves at once when it is there already.
async fn load_chunk() -> Result<(), JsValue> {
    let loader: Function = Reflect::get(&window(), &"correnteCharts".into())?.dyn_into()?;
    let promise: Promise = loader.call0(&JsValue::UNDEFINED)?.dyn_into()?;
    JsFuture::from(promise).await.map(|_| ())
}

/// An ECharts instance with everything that must go when it goes.
struct Instance {
    chart: JsValue,
    observer: ResizeObserver,
    tips: Rc<RefCell<Vec<String>>>,
    tooltip: Closure<dyn Fn(JsValue) -> String>,
    number: Closure<dyn Fn(f64) -> String>,
    _resized: Closure<dyn Fn()>,
    _clicked: Closure<dyn Fn(JsValue)>,
}

impl Instance {
    fn new(element: &Element, lang: Lang, on_click: Option<Callback<usize>>) -> Result<Self, JsValue> {
        let echarts = Reflect::get(&window(), &"echarts".into())?;
        let options = object(&[("locale", if lang == Lang::PtBr { "PT-BR" } else { "EN" }.into())])?;
        let init: Function = Reflect::get(&echarts, &"init".into())?.dyn_into()?;
        let chart = init.call3(&echarts, element, &JsValue::NULL, &options)?;

        let resized = {
            let chart = chart.clone();
            Closure::<dyn Fn()>::new(move || {
                let _ = call(&chart, "resize", &[]);
            })
        };
        let observer = ResizeObserver::new(resized.as_ref().unchecked_ref())?;
        observer.observe(element);

        let clicked = Closure::<dyn Fn(JsValue)>::new(move |event: JsValue| {
            if let (Some(on_click), Some(index)) = (on_click, index_of(&event)) {
                on_click.run(index);
            }
        });
        call(&chart, "on", &["click".into(), clicked.as_ref().clone()])?;

        let tips: Rc<RefCell<Vec<String>>> = Rc::default();
        let tooltip = {
            let tips = Rc::clone(&tips);
            Closure::<dyn Fn(JsValue) -> String>::new(move |places: JsValue| {
                // An axis tells of all its series, an item of itself.
                let first =
                    if js_sys::Array::is_array(&places) { Reflect::get(&places, &0.into()) } else { Ok(places) };
                first
                    .ok()
                    .and_then(|place| index_of(&place))
                    .and_then(|index| tips.borrow().get(index).cloned())
                    .unwrap_or_default()
            })
        };
        let number = Closure::<dyn Fn(f64) -> String>::new(move |value| lang.number(value, 2));
        Ok(Self { chart, observer, tips, tooltip, number, _resized: resized, _clicked: clicked })
    }

    /// Replaces the whole option, so that nothing of the last one shines through.
    fn show(&self, drawn: &Drawn) {
        self.tips.replace(drawn.tips.clone());
        // A chart that cannot be written out or read back leaves the last one; there is nothing better to show.
        let Ok(option) = serde_json::to_string(&drawn.chart) else { return };
        let Ok(option) = js_sys::JSON::parse(&option) else { return };
        let _ = self.dress(&option);
        let _ = call(&self.chart, "setOption", &[option, JsValue::TRUE]);
    }

    /// Adds what is not data: functions, which charming could only write as source text to be evaluated.
    fn dress(&self, option: &JsValue) -> Result<(), JsValue> {
        let colours = palette();
        let style = object(&[("color", colours.text.as_str().into()), ("fontSize", 12.into())])?;
        let tooltip = Reflect::get(option, &"tooltip".into())?;
        for (key, value) in [
            ("renderMode", "richText".into()),
            ("confine", JsValue::TRUE),
            ("formatter", self.tooltip.as_ref().clone()),
            ("backgroundColor", property("--surface").as_str().into()),
            ("borderColor", colours.line.as_str().into()),
            ("textStyle", style.clone()),
        ] {
            Reflect::set(&tooltip, &key.into(), &value)?;
        }
        for axis in ["xAxis", "yAxis"] {
            let axis = Reflect::get(option, &axis.into())?;
            if Reflect::get(&axis, &"type".into())? == "value" {
                let label = Reflect::get(&axis, &"axisLabel".into())?;
                Reflect::set(&label, &"formatter".into(), self.number.as_ref())?;
                Reflect::set(&label, &"hideOverlap".into(), &JsValue::TRUE)?;
            }
        }
        Reflect::set(option, &"textStyle".into(), &object(&[("fontFamily", property("--typeface").as_str().into())])?)?;
        let calm = window()
            .match_media("(prefers-reduced-motion: reduce)")
            .ok()
            .flatten()
            .is_some_and(|query| query.matches());
        Reflect::set(option, &"animation".into(), &(!calm).into())?;
        Reflect::set(option, &"animationDuration".into(), &250.into())?;
        Reflect::set(option, &"animationDurationUpdate".into(), &150.into())?;
        Ok(())
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        self.observer.disconnect();
        let _ = call(&self.chart, "dispose", &[]);
    }
}

fn call(object: &JsValue, method: &str, arguments: &[JsValue]) -> Result<JsValue, JsValue> {
    let function: Function = Reflect::get(object, &method.into())?.dyn_into()?;
    function.apply(object, &arguments.iter().collect())
}

fn object(entries: &[(&str, JsValue)]) -> Result<JsValue, JsValue> {
    let made = js_sys::Object::new();
    for (key, value) in entries {
        Reflect::set(&made, &(*key).into(), value)?;
    }
    Ok(made.into())
}

fn index_of(event: &JsValue) -> Option<usize> {
    Reflect::get(event, &"dataIndex".into()).ok()?.as_f64().map(|index| index as usize)
}

/// The page's colours as computed values; `style/tokens.css` registers them as colours, so light and dark are resolved.
fn palette() -> Palette {
    Palette {
        actual: property("--actual"),
        forecast: property("--forecast"),
        series: ["--series-1", "--series-2", "--series-3", "--series-4"].map(property).to_vec(),
        band_wide: property("--band-wide"),
        band_narrow: property("--band-narrow"),
        warning: property("--warning"),
        danger: property("--danger"),
        text: property("--text-soft"),
        ink: property("--text"),
        line: property("--line"),
        surface: property("--surface"),
    }
}

fn property(name: &str) -> String {
    let root = document().document_element();
    let style = root.and_then(|root| window().get_computed_style(&root).ok().flatten());
    style.and_then(|style| style.get_property_value(name).ok()).map(|value| value.trim().to_owned()).unwrap_or_default()
}
