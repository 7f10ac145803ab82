"""The scales that claims are rated on at first. The desk edits them; what is there already stays as it is."""

from django.db import migrations

# Kind: how it is used, worst and best rating, and the verdicts in order: slug, name, in Korean, sign, final?, rating, meaning.
_SCALES = {
    "factual": (
        "Rated by what was known when it was said, and by the words as they were said.",
        *(1, 7),
        (
            ("true", "True", "사실", "q4", True, 7, "It is so, and nothing that matters is left out."),
            ("mostly-true", "Mostly true", "대체로 사실", "q3", True, 6, "It is so, but needs a clarification."),
            ("half-true", "Half true", "절반의 사실", "q2", True, 5, "Part of it is so, and part of it is not."),
            ("missing-context", "Missing context", "맥락 누락", "gap", True, 4, "It is so, and reads differently with what it leaves out."),
            ("misleading", "Misleading", "오해 소지", "turned", True, 3, "Its words may be so, and what they suggest is not."),
            ("mostly-false", "Mostly false", "대체로 거짓", "q1", True, 2, "Some of it is so, but the main point is not."),
            ("false", "False", "거짓", "q0", True, 1, "It is not so."),
            ("unverifiable", "Unverifiable", "확인 불가", "open", True, None, "What is on record does not tell."),
        ),
    ),
    "promise": (
        "Judged on outcomes, not on efforts or intentions.",
        *(1, 3),
        (
            ("not-yet-rated", "Not yet rated", "아직 판정 전", "open", False, None, "Nobody has looked at the outcome yet."),
            ("in-the-works", "In the works", "진행 중", "q2", False, None, "Steps have been taken, and the outcome is open."),
            ("stalled", "Stalled", "정체", "q1", False, None, "Nothing has moved for some time, and the outcome is open."),
            ("kept", "Kept", "이행", "q4", True, 3, "What was promised has come about."),
            ("compromise", "Compromise", "부분 이행", "q3", True, 2, "A good part of what was promised has come about."),
            ("broken", "Broken", "파기", "broken", True, 1, "What was promised has not come about."),
        ),
    ),
    "prediction": (
        "Judged on outcomes, when the time has come.",
        *(1, 3),
        (
            ("not-yet-known", "Not yet known", "아직 알 수 없음", "open", False, None, "Its time has not come."),
            ("came-true", "Came true", "적중", "q4", True, 3, "It has happened as predicted."),
            ("partly-came-true", "Partly came true", "일부 적중", "q2", True, 2, "Part of it has happened as predicted."),
            ("did-not-come-true", "Did not come true", "빗나감", "q0", True, 1, "It has not happened as predicted."),
            ("cannot-be-judged", "Cannot be judged", "판정 불가", "gap", True, None, "What is on record does not tell."),
        ),
    ),
}  # fmt: skip


def add(apps, schema_editor):
    models = (apps.get_model("tracker", name) for name in ("Scale", "Verdict", "VerdictName"))
    scales, verdicts, names = (model.objects for model in models)
    for kind, (note, worst, best, rows) in _SCALES.items():
        scale, made = scales.get_or_create(
            kind=kind, defaults={"note": note, "worst": worst, "best": best}
        )
        for order, (slug, name, korean, sign, final, rating, meaning) in enumerate(
            rows if made else (), start=1
        ):
            verdict = verdicts.create(
                scale=scale,
                slug=slug,
                name=name,
                order=order,
                sign=sign,
                final=final,
                rating=rating,
                meaning=meaning,
            )
            names.create(verdict=verdict, language="ko", name=korean)


class Migration(migrations.Migration):
    dependencies = [("tracker", "0009_claims")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
