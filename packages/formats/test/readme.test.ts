import { testReadmeExamples } from '../../../test/run-readme-examples.ts'

testReadmeExamples(import.meta.url, 4)
