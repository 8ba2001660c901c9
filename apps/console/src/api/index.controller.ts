// What the interface says of itself.
import { Controller } from '@nestjs/common';
import { openApiDocument } from './openapi';
import { Operate } from './operate';
import { type Output, operationEntries } from './operations';
import { basePath } from './paths';

const index: Output<'index'> = {
  name: 'Evenkeel console',
  links: Object.fromEntries(
    operationEntries
      .filter(([, { method, path, params }]) => method === 'GET' && path !== '' && !params)
      .map(([name, { path }]) => [name, basePath + path]),
  ),
};
const document = openApiDocument();

@Controller()
export class IndexController {
  @Operate('index')
  async index(): Promise<Output<'index'>> {
    return index;
  }

  @Operate('openApi')
  async openApi(): Promise<Output<'openApi'>> {
    return document;
  }
}
