//! Whether several chains of samples agree: split R-hat and the effective sample size (Gelman et al. 2013, ch. 11; Vehtari et al. 2021).

/// Above this, chains that started apart have not met (Vehtari et al. 2021).
pub const R_HAT_MAX: f64 = 1.01;
/// Fewer effective samples do not settle the ends of a 95 % interval (Vehtari et al. 2021 ask for 100 for each of four chains).
pub const EFFECTIVE_MIN: f64 = 400.0;

/// The potential scale reduction of half chains: 1 if all halves agree. `None` for fewer than 4 samples a chain.
pub fn split_r_hat(chains: &[Vec<f64>]) -> Option<f64> {
    let halves = halves(chains)?;
    let length = halves[0].len() as f64;
    let (within, between) = variances(&halves);
    if within == 0.0 {
        return Some(if between == 0.0 { 1.0 } else { f64::INFINITY });
    }
    Some(((length - 1.0) / length + between / within).sqrt())
}

/// How many independent samples are worth as much as all these, by Geyer's initial monotone sequence over half chains.
pub fn effective_size(chains: &[Vec<f64>]) -> Option<f64> {
    let halves = halves(chains)?;
    let length = halves[0].len();
    let total = (length * halves.len()) as f64;
    let (within, between) = variances(&halves);
    let pooled = within * (length as f64 - 1.0) / length as f64 + between;
    if pooled == 0.0 {
        return Some(total);
    }
    let correlation = |lag: usize| {
        let covariance = halves
            .iter()
            .map(|half| autocovariance(half, lag))
            .sum::<f64>()
            / halves.len() as f64;
        1.0 - (within - covariance) / pooled
    };
    let (mut sum, mut last) = (0.0, f64::INFINITY);
    for pair in 0..(length - 1) / 2 {
        let both = correlation(2 * pair) + correlation(2 * pair + 1);
        if both <= 0.0 {
            break;
        }
        last = both.min(last);
        sum += last;
    }
    Some(total / (2.0 * sum - 1.0).max(1.0 / total.log10()))
}

fn halves(chains: &[Vec<f64>]) -> Option<Vec<&[f64]>> {
    let half = chains.iter().map(Vec::len).min()? / 2;
    (half >= 2).then(|| {
        chains
            .iter()
            .flat_map(|chain| [&chain[..half], &chain[chain.len() - half..]])
            .collect()
    })
}

/// The mean variance inside the sequences, and the variance of their means.
fn variances(sequences: &[&[f64]]) -> (f64, f64) {
    let means: Vec<f64> = sequences.iter().map(|one| mean(one)).collect();
    let within = sequences.iter().map(|one| variance(one)).sum::<f64>() / sequences.len() as f64;
    (within, variance(&means))
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn variance(values: &[f64]) -> f64 {
    let mean = mean(values);
    values
        .iter()
        .map(|value| (value - mean).powi(2))
        .sum::<f64>()
        / (values.len() as f64 - 1.0)
}

fn autocovariance(values: &[f64], lag: usize) -> f64 {
    let mean = mean(values);
    let products = values
        .iter()
        .zip(&values[lag..])
        .map(|(now, later)| (now - mean) * (later - mean));
    products.sum::<f64>() / values.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A sequence that repeats each of its values `hold` times: that many times fewer effective samples.
    fn noise(seed: u64, hold: usize) -> Vec<f64> {
        let mut state = seed;
        let mut next = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 11) as f64 / (1u64 << 53) as f64
        };
        (0..1000)
            .flat_map(|_| vec![next(); hold])
            .take(1000)
            .collect()
    }

    #[test]
    fn chains_that_agree_have_an_r_hat_of_one() {
        let chains: Vec<Vec<f64>> = (1..5).map(|seed| noise(seed, 1)).collect();
        assert!((split_r_hat(&chains).unwrap() - 1.0).abs() < 0.01);
        let effective = effective_size(&chains).unwrap();
        assert!((2500.0..6000.0).contains(&effective), "{effective}");
    }

    #[test]
    fn a_chain_apart_and_a_drift_are_found() {
        let mut chains: Vec<Vec<f64>> = (1..5).map(|seed| noise(seed, 1)).collect();
        chains[0].iter_mut().for_each(|value| *value += 1.0);
        assert!(split_r_hat(&chains).unwrap() > 1.1);
        let drift = vec![(0..1000).map(f64::from).collect::<Vec<f64>>()];
        assert!(split_r_hat(&drift).unwrap() > 1.5);
    }

    #[test]
    fn slow_chains_are_worth_fewer_samples() {
        let slow: Vec<Vec<f64>> = (1..5).map(|seed| noise(seed, 20)).collect();
        let effective = effective_size(&slow).unwrap();
        assert!((120.0..350.0).contains(&effective), "{effective}");
    }
}
