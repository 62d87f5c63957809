"""Links a CSV file with splink on DuckDB, with the comparisons and the order of training that its documentation shows, and prints
one JSON object: seconds from reading to clusters, and precision, recall and F1 against the column `person` at the best of several
thresholds. `mahzar bench link-million` runs it beside `mahzar link`.

    python3 splink_peer.py FILE THREADS
"""

import json
import sys
import time
import warnings

warnings.filterwarnings("ignore")

import pandas
import splink.comparison_library as comparisons
from splink import Linker, SettingsCreator, block_on
from splink.backends.duckdb import DuckDBAPI

THRESHOLDS = (0.5, 0.8, 0.9, 0.95, 0.99)


def settings():
    named = [comparisons.NameComparison(name).configure(term_frequency_adjustments=True) for name in ("given", "family", "father")]
    return SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="id",
        comparisons=named
        + [
            comparisons.DateOfBirthComparison("born", input_is_string=True, invalid_dates_as_null=True),
            comparisons.ExactMatch("place").configure(term_frequency_adjustments=True),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("given", "family", "father"),
            block_on("born", "given"),
            block_on("born", "family"),
            block_on("given", "family", "substr(born, 1, 4)"),
            block_on("given", "father", "substr(born, 1, 4)"),
            block_on("family", "father", "substr(born, 1, 4)"),
        ],
        retain_intermediate_calculation_columns=False,
        retain_matching_columns=False,
    )


def linked(path, threads):
    table = pandas.read_csv(path, dtype=str)
    database = DuckDBAPI()
    database.duckdb_con.execute(f"SET threads = {int(threads)}")
    linker = Linker(database.register(table), settings(), log_level=40)
    linker.training.estimate_probability_two_random_records_match([block_on("given", "family", "born")], recall=0.5)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6)
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("given", "family"))
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("born"))
    pairs = linker.inference.predict(threshold_match_probability=0.2)
    return table, linker, pairs


def score(clusters, persons):
    frame = pandas.DataFrame({"cluster": clusters, "person": persons})
    pairs = lambda sizes: int((sizes * (sizes - 1) // 2).sum())
    found, true = pairs(frame.groupby("cluster").size()), pairs(frame.groupby("person").size())
    both = pairs(frame.groupby(["cluster", "person"]).size())
    precision, recall = both / max(found, 1), both / max(true, 1)
    return {"precision": precision, "recall": recall, "f1": 2 * precision * recall / max(precision + recall, 1e-9)}


def main():
    began = time.time()
    table, linker, pairs = linked(sys.argv[1], sys.argv[2])
    best, seconds = None, None
    for threshold in THRESHOLDS:
        clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(pairs, threshold_match_probability=threshold)
        frame = clusters.as_pandas_dataframe().set_index("id").cluster_id.reindex(table.id)
        # Only the first clustering is in the time: a user makes one.
        seconds = seconds or time.time() - began
        found = {"threshold": threshold} | score(frame.values, table.person.values)
        best = max(best or found, found, key=lambda one: one["f1"])
    print(json.dumps({"seconds": seconds} | best))


main()
