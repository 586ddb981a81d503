"""Mistakes in the moments of features, and in the Fréchet distance."""

from labkit.checks.misconceptions.chapter import COPY_TEMPTS, Chapter, Misconception
from labkit.course.syllabus import lesson_of

_LESSON = lesson_of("frechet_distance")
_FORMULA = f"Compare with the formula of the distance in {_LESSON}, term by term."
_ROOT = f"{_LESSON.capitalize()} says how the trace of the root follows from numbers that are easy to get."

MOMENTS_OF_FEATURES = Chapter(
    title="Mean and covariance in one pass",
    why=(
        "Features come batch by batch, and the last batch is smaller than the others. How the features were "
        "dealt into batches must not show in the result: a batch counts by its number of rows, and how far "
        "the means of the batches lie apart belongs to the covariance too. Rows of features are samples, "
        "columns are features. Where the mean is large beside the spread, float32 has no digits left "
        "for the spread."
    ),
    mistakes={
        "divided_by_n": Misconception(
            "The covariance is divided by n.",
            "Its mean was estimated from the same rows: what is the unbiased denominator?",
            "It is the mean of the products, as a definition says; for 500 rows the difference is two "
            "thousandths.",
        ),
        "not_averaged": Misconception(
            "The covariance is not divided by the number of rows.",
            "A covariance is a kind of mean.",
            "Sums are kept from batch to batch, and the last line of a running mean is easily left out.",
        ),
        "mean_of_batch_means": Misconception(
            "Every batch counts alike in the mean, however many rows it has.",
            "Try it with a batch of one row and a batch of nine.",
            "With batches of the same size it is exactly right; only the last one is smaller.",
        ),
        "covariance_of_batches": Misconception(
            "The covariances of the batches are averaged.",
            "What lies between the means of the batches is then left out.",
            "What works for the mean, average what the batches gave, seems to work for the covariance.",
        ),
        "not_centred": Misconception(
            "The covariance is not centred.",
            "How far is each feature from the mean?",
            "Features of a network are often small, and their mean smaller still.",
        ),
        "correlation_for_covariance": Misconception(
            "The correlations are returned; covariances are asked for.",
            "What is on the diagonal of each?",
            "`corrcoef` stands beside `cov`, and the matrices look alike.",
        ),
        "variances_only": Misconception(
            "Only the variances are there, without the covariances.",
            "Of D features there are D × D covariances.",
            "`var` gives the diagonal in one call, and the diagonal is the largest part.",
        ),
        "covariance_of_rows": Misconception(
            "The covariance is that of the rows; features stand in columns.",
            "What shape should it have, and what does `torch.cov` take for a variable?",
            "`torch.cov` wants variables in rows; in data nearly everywhere they stand in columns.",
        ),
        "one_batch_only": Misconception(
            "Only one batch counts.",
            "Where does your loop end, and what does it keep from one to the next?",
            "Tried with a single batch, it is right.",
        ),
        "reads_twice": Misconception(
            "The batches are read a second time.",
            "An iterator is empty after its first pass: what must you keep while you read?",
            "A list can be read twice, and one tries with a list.",
        ),
        "precision_lost": Misconception(
            "Digits are lost.",
            "Convert each batch to float64 before you compute with it.",
            "Where the mean is small, float32 is enough, and the result looks the same.",
        ),
        "not_float64": Misconception(
            "The moments are not float64.",
            "Convert each batch to float64 before you compute with it.",
            "PyTorch computes in float32 unless one asks for more.",
        ),
        "moments_swapped": Misconception(
            "The covariance comes first; the mean should.",
            "Look at the docstring's last line.",
            "Two results without names stand in a row.",
        ),
    },
)

THE_FRECHET_DISTANCE = Chapter(
    title="The Fréchet distance",
    why=(
        "Two Gaussians, each a mean and a covariance. The first term compares the means, the trace compares "
        "the covariances, and is 0 where these are equal. The root in it is a matrix root, of a product that "
        "is not symmetric: no root of single entries, and nothing for functions that believe in symmetry. "
        "Its eigenvalues are real and never negative, but rounding does not know that, least of all where a "
        "covariance is singular, as it is of fewer faces than features."
    ),
    mistakes={
        "missing_two": Misconception("The factor 2 is missing.", _FORMULA, COPY_TEMPTS),
        "mean_not_squared": Misconception(
            "The distance of the means is not squared.",
            _FORMULA,
            "`norm` is the function for a distance, and its square is one sign more.",
        ),
        "means_left_out": Misconception(
            "The distance of the means is missing.",
            _FORMULA,
            "The covariances are the hard part, and all attention goes there.",
        ),
        "traces_left_out": Misconception(
            "A trace of a covariance is missing.",
            _FORMULA,
            "Three traces stand in a row, and one is enough to see the idea.",
        ),
        "root_left_out": Misconception(
            "The root of the product is missing.",
            _FORMULA,
            "A small root sign over two large letters is easily overlooked.",
        ),
        "root_added": Misconception(
            "The root is added; it should be subtracted.",
            _FORMULA,
            "Everything else in the formula is added.",
        ),
        "root_of_entries": Misconception(
            "The root is taken of single entries, not of the matrix.",
            _ROOT,
            "`sqrt` of an array takes each entry, and the shape of the result is right.",
        ),
        "root_of_trace": Misconception(
            "The root of the trace is taken; the trace of the root is asked for.",
            _ROOT,
            "Root and trace stand side by side, and one number's root is easy.",
        ),
        "roots_multiplied": Misconception(
            "The roots of the covariances are multiplied; the root of their product is asked for.",
            "Two matrices that do not commute: is √A·√B still √(A·B)?",
            "For numbers √a·√b is √(a·b), and for diagonal matrices too.",
        ),
        "product_taken_for_symmetric": Misconception(
            "A function for symmetric matrices was given the product of the covariances.",
            "`eigh` and `eigvalsh` read only one half of a matrix. Your product is not symmetric.",
            "Both factors are symmetric, so their product seems to be.",
        ),
        "singular_values_for_eigenvalues": Misconception(
            "The singular values of the product were taken for its eigenvalues.",
            "They are the same for a covariance. Is the product one?",
            "For a covariance they are the same, and they are never negative, which is welcome.",
        ),
        "covariances_as_vectors": Misconception(
            "The covariances are compared entry by entry.",
            _FORMULA,
            "It is 0 for equal covariances, and grows with the difference: a distance, but another one.",
        ),
        "diagonal_only": Misconception(
            "Only the diagonals of the covariances count.",
            "Features depend on one another.",
            "The diagonal is easy, and needs no root of a matrix.",
        ),
        "distance_not_squared": Misconception(
            "The distance itself is returned; its square is asked for.",
            "On which side of the formula is the square?",
            "It is called a distance, and FID is its square.",
        ),
        "complex_distance": Misconception(
            "The distance is a complex number.",
            "The imaginary part is rounding: where does your code make numbers complex?",
            "Eigenvalues of a matrix that is not symmetric come as complex numbers, and compute on as such.",
        ),
        "fails_for_singular": Misconception(
            "It goes wrong where a covariance is singular.",
            "Some eigenvalues are 0 there, and rounding may make them negative. What becomes of their roots?",
            "With few features, as one tries it, no covariance is singular.",
        ),
        "negative_distance": Misconception(
            "Rounding makes the distance negative.",
            "The true distance is 0, and rounding gives −1e-14. Which number should you return?",
            "On paper it cannot be negative.",
        ),
    },
)
