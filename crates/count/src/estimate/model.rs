//! Hierarchical log-linear models, and which of them are tried.

use std::collections::BTreeSet;

use super::cells::{Cells, below, cell_count, members};

/// Up to this many lists every hierarchical model is fitted: 8 for three lists, 113 for four, 6,893 for five. Six lists have more
/// than seven million, so there every model of pairs is fitted and the best are then improved step by step.
pub const WHOLE_LATTICE_LISTS_MAX: usize = 5;

/// A hierarchical log-linear model: a set of terms that holds every part of each of its terms.
///
/// The constant and every single list are always in, the term of all lists together never is: without that last assumption the
/// people on no list cannot be estimated at all (Fienberg 1972).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Model(Cells);

/// Why words do not name a model.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ModelNameError {
    /// A part names a list that the table does not have. Write the names as in the table's head.
    #[error("the model names the list “{0}”, which the table does not have")]
    UnknownList(String),
    /// The term of all lists leaves nothing to estimate from. Leave it out.
    #[error(
        "the model has the term of all lists together, so nothing is left to estimate the unseen from"
    )]
    AllLists,
}

impl Model {
    /// The model in which the lists are independent.
    pub fn independence(lists: usize) -> Model {
        (0..lists).fold(Model(1), |model, list| {
            Model(model.0 | 1 << (1usize << list))
        })
    }

    /// Its terms, the constant (term 0) included.
    pub fn terms(self) -> Cells {
        self.0
    }

    /// How many parameters it has, the constant included, and those that sparse data set to minus infinity.
    pub fn parameters(self) -> u32 {
        self.0.count_ones()
    }

    /// The model with one more term; `None` if a part of that term is missing or the term is there already.
    pub fn with(self, term: usize) -> Option<Model> {
        let parts = below(term) & !(1 << term);
        (parts & self.0 == parts && self.0 & (1 << term) == 0).then_some(Model(self.0 | 1 << term))
    }

    /// The model with one term of two or more lists less; `None` if another term needs it.
    pub fn without(self, term: usize) -> Option<Model> {
        let needed = members(self.0).any(|other| other != term && other & term == term);
        (term.count_ones() >= 2 && self.0 & (1 << term) != 0 && !needed)
            .then_some(Model(self.0 & !(1 << term)))
    }

    /// The largest terms, from which the others follow.
    pub fn generators(self) -> Vec<usize> {
        let largest =
            |term: usize| !members(self.0).any(|other| other != term && other & term == term);
        let mut generators: Vec<usize> = members(self.0).filter(|term| largest(*term)).collect();
        generators.sort_by_key(|term| (std::cmp::Reverse(term.count_ones()), *term));
        generators
    }

    /// Its name: generators joined by ` + `, the lists of a generator by `*`, such as `EXH*ABA*OSCE + EXH*HRW`.
    pub fn name(self, lists: &[String]) -> String {
        let term = |term: usize| {
            let named = lists
                .iter()
                .enumerate()
                .filter(|(index, _)| term >> index & 1 == 1);
            named
                .map(|(_, name)| name.as_str())
                .collect::<Vec<_>>()
                .join("*")
        };
        self.generators()
            .into_iter()
            .map(term)
            .collect::<Vec<_>>()
            .join(" + ")
    }

    /// Reads a name as [`Model::name`] writes it; `+`, `,` and `*`, `:` mean the same. Parts of a term are added.
    ///
    /// # Errors
    /// A list that the table does not have, or the term of all lists.
    pub fn read(name: &str, lists: &[String]) -> Result<Model, ModelNameError> {
        let mut model = Model::independence(lists.len());
        for part in name
            .split(['+', ','])
            .map(str::trim)
            .filter(|part| !part.is_empty())
        {
            let mut term = 0usize;
            for list in part.split(['*', ':']).map(str::trim) {
                let index = lists.iter().position(|known| known == list);
                let index = index.ok_or_else(|| ModelNameError::UnknownList(list.to_owned()))?;
                term |= 1 << index;
            }
            if term + 1 == cell_count(lists.len()) {
                return Err(ModelNameError::AllLists);
            }
            model.0 |= below(term);
        }
        Ok(model)
    }
}

/// Every hierarchical model whose terms have at most `order_max` lists, the simplest first.
pub fn lattice(lists: usize, order_max: usize) -> Vec<Model> {
    let mut terms: Vec<usize> = (0..cell_count(lists) - 1)
        .filter(|term| (2..=order_max).contains(&(term.count_ones() as usize)))
        .collect();
    terms.sort_by_key(|term| (term.count_ones(), *term));
    let mut models = vec![Model::independence(lists)];
    // A larger term comes after all its parts, so each model of earlier terms is met before it is extended.
    for term in terms {
        let larger: Vec<Model> = models.iter().filter_map(|model| model.with(term)).collect();
        models.extend(larger);
    }
    models.sort_by_key(|model| (model.parameters(), *model));
    models
}

/// The models that differ from `model` by one term.
pub fn neighbours(model: Model, lists: usize) -> BTreeSet<Model> {
    let terms = 0..cell_count(lists) - 1;
    let larger = terms
        .clone()
        .filter(|term| term.count_ones() >= 2)
        .filter_map(|term| model.with(term));
    larger
        .chain(terms.filter_map(|term| model.without(term)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn the_lattice_is_whole() {
        assert_eq!(lattice(2, 2).len(), 1);
        assert_eq!(lattice(3, 3).len(), 8);
        assert_eq!(lattice(4, 4).len(), 113);
        assert_eq!(lattice(5, 5).len(), 6893);
        assert_eq!(lattice(6, 2).len(), 32768);
    }

    #[test]
    fn a_model_is_named_by_its_largest_terms() {
        let lists = names(&["A", "B", "C", "D"]);
        let model = Model::read("D:C, A*B*C", &lists).unwrap();
        assert_eq!(model.name(&lists), "A*B*C + C*D");
        assert_eq!(Model::read(&model.name(&lists), &lists).unwrap(), model);
        assert_eq!(model.parameters(), 10);
        assert_eq!(Model::independence(4).name(&lists), "A + B + C + D");
        assert_eq!(
            Model::read("A*E", &lists),
            Err(ModelNameError::UnknownList("E".into()))
        );
        assert_eq!(
            Model::read("A*B*C*D", &lists),
            Err(ModelNameError::AllLists)
        );
    }

    #[test]
    fn neighbours_stay_hierarchical() {
        let lists = names(&["A", "B", "C", "D"]);
        let model = Model::read("A*B*C", &lists).unwrap();
        let around: Vec<String> = neighbours(model, 4)
            .into_iter()
            .map(|one| one.name(&lists))
            .collect();
        assert!(
            around.contains(&"A*B + A*C + B*C + D".to_owned()),
            "{around:?}"
        );
        assert!(around.contains(&"A*B*C + A*D".to_owned()));
        assert_eq!(around.len(), 4);
    }
}
