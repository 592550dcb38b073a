"""The 300 points of study A17, drawn with NumPy's seed 0 as the source draws them: python3 scripts/make_three_clouds.py > src/three-clouds.ts"""

import numpy as np
from scipy import stats

N = 100
clouds = [
    stats.multivariate_normal([0, 0], [[0.7, 0.0], [0.0, 0.7]]),
    stats.multivariate_normal([1, 1], [[0.8, 0.2], [0.2, 0.8]]),
    stats.multivariate_normal([-1, 1], [[0.8, 0.2], [0.2, 0.8]]),
]
np.random.seed(0)
points = np.vstack([cloud.rvs(N) for cloud in clouds])
print(f"""// Written by scripts/make_three_clouds.py with NumPy {np.__version__}.

/** Three clouds of 100 points each [300, 2], row by row, one cloud after the other, in millionths. */
export const threeClouds: readonly number[] = [""")
numbers = [str(int(round(v * 1e6))) for v in points.ravel()]
for i in range(0, len(numbers), 12):
    print("  " + ", ".join(numbers[i:i + 12]) + ",")
print("];")
