"""The Python script of the artefact answers like the JavaScript classifier: python3 test/examples/inference_test.py"""

import importlib.util
import json
import sys
import unittest
from pathlib import Path

# The artefact's folder is packed as it is: no bytecode may appear in it.
sys.dont_write_bytecode = True

HERE = Path(__file__).resolve().parent
MODEL = HERE.parent.parent / "examples" / "support-triage" / "model"


def load_script():
    spec = importlib.util.spec_from_file_location("inference", MODEL / "code" / "inference.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


inference = load_script()


class InferenceTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.model = inference.model_fn(str(MODEL))
        cls.samples = json.loads((HERE / "sample-mails.json").read_text(encoding="utf-8"))

    def answer(self, body, content_type="application/json"):
        prediction = inference.predict_fn(inference.input_fn(body, content_type), self.model)
        text, accept = inference.output_fn(prediction, "application/json")
        self.assertEqual(accept, "application/json")
        return json.loads(text)

    def test_answers_like_the_javascript_classifier(self):
        self.assertGreaterEqual(len(self.samples), 20)
        for sample in self.samples:
            with self.subTest(subject=sample["request"].get("subject")):
                answer = self.answer(json.dumps(sample["request"]))
                self.assertEqual(answer["label"], sample["answer"]["label"])
                self.assertAlmostEqual(answer["score"], sample["answer"]["score"], delta=2e-6)

    def test_samples_have_both_labels(self):
        self.assertEqual({sample["answer"]["label"] for sample in self.samples}, {"spam", "ham"})

    def test_takes_bytes_and_a_charset(self):
        body = '{"subject": "hello"}'
        self.assertEqual(self.answer(body.encode(), "Application/JSON; charset=utf-8"), self.answer(body))

    def test_refuses_other_content_types(self):
        with self.assertRaisesRegex(ValueError, "text/csv"):
            inference.input_fn("a,b", "text/csv")

    def test_refuses_what_is_no_object(self):
        with self.assertRaisesRegex(ValueError, "JSON object"):
            inference.input_fn("[1]")


if __name__ == "__main__":
    unittest.main()
