import { type CategoryLists, categoryLists, type NodeCategories } from './category-lists.ts';
import { CategoryOrder } from './category-order.ts';
import { type Question, Splitter } from './splitter.ts';

/** Splits by categories too, which are put in order first. */
export class CategorySplitter extends Splitter {
  /** Made for the first column of categories. */
  #order: CategoryOrder | null = null;

  override question(): Question | null {
    const question = super.question();
    if (question === null || !this.#isCategorical(question.feature)) return question;
    return { ...question, threshold: Number.NaN, categories: this.#known(question.feature) };
  }

  override categoriesOf(questions: readonly (Question | null)[]): CategoryLists | null {
    return categoryLists(questions.map((question) => question?.categories ?? null));
  }

  protected override tryColumn(j: number): boolean {
    if (!this.#isCategorical(j)) return this.tryNumbers(j);
    this.#order ??= new CategoryOrder(this.data, this.criterion);
    const order = this.#order;
    order.group(j, this.rows, this.start, this.end);
    if (order.groups < 2 && order.missing === 0) return false;
    let varies = false;
    for (let which = 0; which < this.criterion.categoryOrders; which++) {
      order.arrange(which, this.ordered);
      varies = this.tryOrder(j, order);
    }
    return varies;
  }

  /** Tries the splits of a column of numbers; false if it does not vary in the node. */
  protected tryNumbers(j: number): boolean {
    return super.tryColumn(j);
  }

  /** Tries the splits of a column of categories, in whose order the node's rows are; false if it does not vary in the node. */
  protected tryOrder(j: number, { keys }: CategoryOrder): boolean {
    return this.tryInOrder(j, this.ordered, 0, keys, 0);
  }

  #isCategorical(j: number): boolean {
    return this.data.categorical?.[j] === 1;
  }

  /** The categories of the best split. */
  #known(j: number): NodeCategories {
    const { x, rows: n } = this.data;
    const known = (from: number, to: number) => {
      const values = new Set<number>();
      for (let p = from; p < to; p++) values.add(x[j * n + this.best[this.from + p]!]!);
      values.delete(Number.NaN);
      return Float64Array.from(values).sort();
    };
    const left = known(0, this.left);
    const right = known(this.left, this.end - this.start);
    const values = new Float64Array(left.length + right.length);
    values.set(left);
    values.set(right, left.length);
    return { values, leftCount: left.length };
  }
}
