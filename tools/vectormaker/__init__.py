"""Makes bundles, proofs and policies from the specification alone: right ones, and ones with one fault each."""


def every_case():
    from vectormaker import archive_cases, entry_cases, json_cases, note_cases, policy_cases, proof_cases, signature_cases
    from vectormaker.cases import Cases

    cases = Cases()
    for part in archive_cases, json_cases, note_cases, entry_cases, proof_cases, policy_cases, signature_cases:
        part.add(cases)
    return cases
